"""User pools out of CloudFormation templates: hand-written, SAM's, or synthesised by the CDK."""

from cognito_mock.blueprint.cloudformation.reading import is_template, pools_of_template

__all__ = ["is_template", "pools_of_template"]
