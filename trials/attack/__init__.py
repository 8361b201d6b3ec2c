"""F16 to F22 and F24 to F26: hostile text, foreign hands, guesses and bodies made to hurt."""
