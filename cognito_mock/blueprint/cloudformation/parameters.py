"""What ``Ref`` of a parameter or of one of AWS's own means here."""

from collections.abc import Mapping

from cognito_mock.blueprint.cloudformation.template import Template, Unresolved
from cognito_mock.blueprint.nodes import Node
from cognito_mock.blueprint.yaml_file import BlueprintError
from cognito_mock.core.arns import ACCOUNT_ID

STACK = "cognito-mock"
_DEFAULT_REGION = "us-east-1"
_REGION = "AWS::Region"
_LISTS = ("CommaDelimitedList", "List<")


class Parameters:
    """The parameters' values: given, or the template's defaults; and pseudo parameters."""

    def __init__(self, template: Template, given: Mapping[str, str]) -> None:
        self._declared = template.parameters
        self._given = dict(given)
        region = self._given.pop(_REGION, _DEFAULT_REGION)
        for name in self._given:
            if name not in self._declared:
                known = ", ".join([*self._declared, _REGION])
                raise BlueprintError(f"--parameter {name}: the template has {known}")
        self.region = region
        partition = "aws-cn" if region.startswith("cn-") else "aws"
        self._pseudo = {
            _REGION: region,
            "AWS::AccountId": ACCOUNT_ID,
            "AWS::Partition": partition,
            "AWS::StackName": STACK,
            "AWS::StackId": f"arn:{partition}:cloudformation:{region}:{ACCOUNT_ID}:stack/{STACK}/0",
            "AWS::URLSuffix": "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com",
        }

    def find(self, name: str, at: Node) -> Node | None:
        """Return the value of ``Ref name``; None if no parameter has that name."""
        if name in self._pseudo:
            return at.with_value(self._pseudo[name])
        declaration = self._declared.get(name)
        if declaration is None:
            return None
        kind = declaration.get("Type")
        written = "String" if kind is None else kind.text
        value = self._value(name, declaration, written, at)
        if not written.startswith(_LISTS):
            return value
        return at.with_items(at.with_value(item.strip()) for item in value.text.split(","))

    def _value(self, name: str, declaration: Node, kind: str, at: Node) -> Node:
        if name in self._given:
            self._check_allowed(name, declaration)
            return at.with_value(self._given[name])
        default = declaration.get("Default")
        if kind.startswith("AWS::SSM::"):
            raise Unresolved(
                at, f"parameter {name} is in Systems Manager; give --parameter {name}="
            )
        if default is None:
            raise Unresolved(at, f"parameter {name} has no value; give --parameter {name}=")
        return default

    def _check_allowed(self, name: str, declaration: Node) -> None:
        allowed = declaration.get("AllowedValues")
        if allowed is not None:
            choices = [item.text for item in allowed.items]
            if self._given[name] not in choices:
                raise allowed.error(f"--parameter {name}: expected {' or '.join(choices)}")
