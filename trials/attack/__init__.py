"""F16 to F22 and F24 to F26: hostile text, foreign hands, guesses, and bodies made to hurt.

worlds                      an application on a database of its own
hostile, hostile_*          texts that would run in a browser (F16): the texts, a consultation
                            made of them, the browser that judges
doors, belongings           who gets through which door (F17); whose ids open what (F18)
forgery, sessions, guessing requests from another site (F19), cookies that are over (F20),
                            guesses (F21)
bodies, unmeasured          requests that are too much (F22)
markup, pathological        Markdown and comparisons that are slow (F24)
patterns                    regular expressions that are slow (F25)
formulas                    exports (F26)
listed                      all of them
"""
