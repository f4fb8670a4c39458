"""Markets: finding them, their hours, and the rules for dealing in them."""
