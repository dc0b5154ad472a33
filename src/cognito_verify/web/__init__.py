"""The verifier inside web frameworks: one module each, none of them imported from here.

They all answer alike, because `cognito_verify.web._bearer` decides for all of them.
"""
