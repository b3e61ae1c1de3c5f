"""The shipped policies against the numbers of their own documents, and the tools that an operator has for them."""
