"""The HTTP face of the sandbox: one function per operation, and the generated models they answer with."""
