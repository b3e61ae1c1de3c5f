"""Storage: where Folkmoot keeps what it must not forget."""
