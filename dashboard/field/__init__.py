"""The field form: an installable page on which reports are written and kept without a network, and sent later."""
