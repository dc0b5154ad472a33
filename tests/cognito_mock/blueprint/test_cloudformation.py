"""Functions of templates, one by one: what they come to, what is listed, what is refused."""

import pytest

from cognito_mock.blueprint import BlueprintError, read_blueprint

TEMPLATE = """\
Parameters:
  Stage: {{Type: String, Default: dev, AllowedValues: [dev, prod]}}
  Count: {{Type: Number, Default: 3}}
  Names: {{Type: CommaDelimitedList, Default: "a,b , c"}}
  Secret: {{Type: String}}
Mappings:
  Sizes: {{dev: {{Small: one, Many: [x, y]}}}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsDev: !Not [Condition: IsProd]
  Both: !And [!Condition IsDev, !Equals [!Ref Count, "3"]]
  Either: !Or [!Condition IsProd, !Condition IsDev]
Resources:
  Bucket: {{Type: AWS::S3::Bucket}}
  Role: {{Type: AWS::IAM::Role, Properties: {{RoleName: !Sub "${{Stage}}-role"}}}}
  Never: {{Type: AWS::Cognito::UserPoolGroup, Properties: {{UserPoolId: P}}, Condition: IsProd}}
  P: {{Type: AWS::Cognito::UserPool}}
  G:
    Type: AWS::Cognito::UserPoolGroup
    Properties:
      UserPoolId: !Ref P
      Description: {value}
"""


@pytest.fixture
def read(tmp_path):
    """Read a template with one description in it; return the blueprint."""

    def template(text, **parameters):
        path = tmp_path / "template.yaml"
        path.write_text(text, encoding="utf-8")
        return read_blueprint(path, parameters=parameters)

    return template


WORKED_OUT = {
    "a text": ("plain", "plain"),
    "a number": ("12", "12"),
    "Ref of a parameter": ("!Ref Stage", "dev"),
    "Ref of AWS's own": ("!Ref AWS::Region", "us-east-1"),
    "Sub": ("!Sub '${Stage}/${AWS::AccountId}/${!Stage}'", "dev/123456789012/${Stage}"),
    "Sub with variables": ("!Sub ['${x}-${Stage}', {x: !Ref Count}]", "3-dev"),
    "Sub of an attribute": ("!Sub '${Role.Arn}'", "arn:aws:iam::123456789012:role/dev-role"),
    "Join": ("!Join [':', [a, !Ref Stage, 1]]", "a:dev:1"),
    "Join of a list parameter": ("!Join ['|', !Ref Names]", "a|b|c"),
    "Select": ("!Select [1, [a, b]]", "b"),
    "Split": ("!Select ['2', !Split ['/', 'a/b/c']]", "c"),
    "FindInMap": ("!FindInMap [Sizes, !Ref Stage, Small]", "one"),
    "FindInMap, a list": ("!Join ['', !FindInMap [Sizes, dev, Many]]", "xy"),
    "FindInMap's default": ("!FindInMap [Sizes, dev, Huge, {DefaultValue: none}]", "none"),
    "GetAtt": ("!GetAtt Role.Arn", "arn:aws:iam::123456789012:role/dev-role"),
    "GetAtt, long": ("{'Fn::GetAtt': [Role, Arn]}", "arn:aws:iam::123456789012:role/dev-role"),
    "If": ("!If [IsProd, a, !If [IsDev, b, c]]", "b"),
    "And": ("!If [Both, yes-it-is, no-it-is-not]", "yes-it-is"),
    "Or": ("!If [Either, a, b]", "a"),
    "NoValue": ("!If [IsDev, !Ref AWS::NoValue, x]", None),
    "Base64": ("!Base64 abc", "YWJj"),
    "Ref of a group": (
        "!Ref H\n  H: {Type: AWS::Cognito::UserPoolGroup, Properties: {GroupName: h}}",
        "h",
    ),
}


@pytest.mark.parametrize(("written", "value"), WORKED_OUT.values(), ids=WORKED_OUT)
def test_functions_are_worked_out(read, written, value):
    """AWS's own meaning; a text where a text is expected."""
    blueprint = read(TEMPLATE.format(value=written))

    assert blueprint.pools[0]["groups"][0].get("description") == value


LISTED = {
    "an import": ("!ImportValue shared", "Fn::ImportValue, a value of another stack"),
    "an unknown function": ("!Guess [a]", "Fn::Guess is not worked out here"),
    "a transform": ("{'Fn::Transform': {Name: x}}", "Fn::Transform is not worked out here"),
    "inside another": ("!Sub ['${x}', {x: !ImportValue y}]", "Fn::ImportValue, a value of"),
    "another's attribute": ("!GetAtt Bucket.Arn", "Arn of Bucket, a AWS::S3::Bucket"),
    "another's name": ("!Ref Bucket", "Bucket is a AWS::S3::Bucket"),
    "a parameter without a value": ("!Ref Secret", "parameter Secret has no value"),
    "a dynamic reference": ("'{{resolve:ssm:/a}}'", "a dynamic reference"),
    "one that Sub makes": ("!Sub '{{{{resolve:ssm:/${Stage}}}}}'", "a dynamic reference"),
    "what is not made": ("!Ref Never", "Never is not made: its condition does not hold"),
    "the stack's topics": ("!Select [0, !Ref 'AWS::NotificationARNs']", None),
}


@pytest.mark.parametrize(("written", "reason"), LISTED.values(), ids=LISTED)
def test_what_only_aws_knows_is_listed_and_left_out(read, written, reason):
    """With its place; everything else is made all the same."""
    if reason is None:
        with pytest.raises(BlueprintError, match="there is no parameter or resource 'AWS::"):
            read(TEMPLATE.format(value=written))
        return

    blueprint = read(TEMPLATE.format(value=written.replace("{{{{", "{{").replace("}}}}", "}}")))

    assert "description" not in blueprint.pools[0]["groups"][0]
    (line,) = blueprint.notes
    assert "template.yaml:22:" in line
    assert f"left out G.Description: {reason}" in line


REFUSED = {
    "no resource": ("!Ref Nobody", ":22:20: there is no parameter or resource 'Nobody'"),
    "no attribute's resource": ("!GetAtt Nobody.Arn", "no parameter or resource 'Nobody'"),
    "no condition": ("!If [Nobody, a, b]", "there is no condition 'Nobody'"),
    "no key": ("!FindInMap [Sizes, dev, Huge]", "Fn::FindInMap: there is no Sizes.dev.Huge"),
    "no item": ("!Select [2, [a, b]]", "Fn::Select: there is no item 2 of 2"),
    "too few arguments": ("!Join [a]", "expected 2 arguments, not 1"),
    "If with two": ("!If [IsDev, a]", "Fn::If: expected a condition and two values"),
    "a list": ("[a, b]", "expected a text, not a list"),
    "in a circle": (
        "!Ref H\n  H: {Type: AWS::Cognito::UserPoolGroup, Properties: {GroupName: !Ref H}}",
        "H depends on itself",
    ),
}


@pytest.mark.parametrize(("written", "message"), REFUSED.values(), ids=REFUSED)
def test_mistakes_are_refused_with_their_place(read, written, message):
    """What AWS would refuse, too: one line."""
    with pytest.raises(BlueprintError) as refusal:
        read(TEMPLATE.format(value=written))

    assert message in str(refusal.value)
    assert "template.yaml:" in str(refusal.value)
    assert "\n" not in str(refusal.value)


SHAPES = {
    "no resources": ("AWSTemplateFormatVersion: 2010-09-09", ":1:1: expected 'Resources'"),
    "a list of resources": ("Resources: [a]", ":1:12: expected a mapping, not a list"),
    "no type": ("Resources: {P: {}}", ":1:16: P: expected 'Type'"),
    "a number that is none": (
        (
            "Resources:\n  P:\n    Type: AWS::Cognito::UserPool\n    Properties:\n"
            "      Policies: {PasswordPolicy: {MinimumLength: long}}"
        ),
        ":5:50: expected a number, not a text",
    ),
    "a value that is none": (
        (
            "Resources:\n  P:\n    Type: AWS::Cognito::UserPool\n    Properties:\n"
            "      MfaConfiguration: MAYBE"
        ),
        ":5:25: MfaConfiguration: expected OFF or ON or OPTIONAL",
    ),
    "Equals with one": (
        (
            "Conditions: {A: !Equals [a]}\n"
            "Resources: {P: {Type: AWS::Cognito::UserPool, Condition: A}}"
        ),
        ":1:17: Fn::Equals: expected two values",
    ),
    "a chain without an end": (
        "Conditions:\n"
        + "".join(f"  C{n}: !Not [!Condition C{n + 1}]\n" for n in range(2000))
        + "Resources: {P: {Type: AWS::Cognito::UserPool, Condition: C0}}",
        "depend on too many others",
    ),
    "a circle of conditions": (
        (
            "Conditions: {A: {Condition: B}, B: {Condition: A}}\n"
            "Resources: {P: {Type: AWS::Cognito::UserPool, Condition: A}}"
        ),
        "condition A depends on itself",
    ),
}


@pytest.mark.parametrize(("text", "message"), SHAPES.values(), ids=SHAPES)
def test_what_is_no_template_is_refused_with_its_place(read, text, message):
    """File, line, column."""
    with pytest.raises(BlueprintError) as refusal:
        read(text)

    assert f"template.yaml{message}" in str(refusal.value) or message in str(refusal.value)


def test_parameters_are_checked(read):
    """A name that is not declared, and a value that is not allowed."""
    text = TEMPLATE.format(value="!Ref Stage")

    assert read(text, Stage="prod").pools[0]["groups"][-1]["description"] == "prod"
    with pytest.raises(BlueprintError, match="--parameter Stag: the template has Stage, Count"):
        read(text, Stag="prod")
    with pytest.raises(BlueprintError, match="--parameter Stage: expected dev or prod"):
        read(text, Stage="test")
    with pytest.raises(BlueprintError, match="there is no config file"):
        read_blueprint()
    with pytest.raises(BlueprintError, match="--parameter is for CloudFormation templates"):
        read("pools: []", Stage="dev")


def test_an_unknown_property_is_listed(read):
    """It may be newer than the mock."""
    text = "Resources: {P: {Type: AWS::Cognito::UserPool, Properties: {Novelty: 1}}}"

    (line,) = read(text).notes

    assert line.endswith("template.yaml:1:69: left out P.Novelty: the mock has no such setting")


def test_a_resource_of_another_stacks_pool_is_listed(read):
    """There is nowhere to put it."""
    text = TEMPLATE.format(value="x") + (
        "  C: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !ImportValue p}}\n"
    )

    blueprint = read(text)

    assert "clients" not in blueprint.pools[0]
    assert [line.partition("left out ")[2] for line in blueprint.notes] == [
        "C: its user pool is not in the template",
        "C.UserPoolId: Fn::ImportValue, a value of another stack",
    ]


def test_a_character_in_two_halves_is_one(read):
    r"""JSON's ``\ud83d\ude00`` (RFC 8259 §7); half of one is refused."""
    whole = TEMPLATE.format(value='"\\ud83d\\ude00"')

    assert read(whole).pools[0]["groups"][0]["description"] == "\N{GRINNING FACE}"
    with pytest.raises(BlueprintError, match="half a character"):
        read(TEMPLATE.format(value='"\\ud83d"'))
