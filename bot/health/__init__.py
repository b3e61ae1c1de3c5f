"""The checks behind `folkmoot doctor`: each looks at one thing, changes nothing, and never hides another's answer."""
