"""`folkmoot init`: a few questions, a commented configuration, and what to do next. It asks for no token, ever."""
