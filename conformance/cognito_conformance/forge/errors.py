"""What goes wrong when a recipe is not one."""


class RecipeError(ValueError):
    """A recipe says something the forge's vocabulary does not have."""
