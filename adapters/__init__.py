"""Adapters: the places Folkmoot listens and speaks in, one subpackage each."""
