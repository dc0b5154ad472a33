"""Input for every operation of the JSON API, drawn from its model; of what it may speak."""

from base64 import b64encode

from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, ServiceModel, StructureShape
from hypothesis import strategies as st

from cognito_mock.idp_api.patterns import matcher

# As botocore reads it, which the mock does not.
MODEL = ServiceModel(Loader().load_service_model("cognito-idp", "service-2"), "cognito-idp")
POOL, CLIENT, USER, PASSWORD = "eu-west-1_Fixed", "fixedclient", "rosa", "Passw0rd!x"
NEWCOMER = "uma"
# Stand for what is known only once the pool is there.
ACCESS_TOKEN, REFRESH_TOKEN = "<access token>", "<refresh token>"
CHALLENGES = ("MFA_SETUP", "SELECT_MFA_TYPE", "SMS_MFA")
SESSIONS = [f"<session of {name}>" for name in CHALLENGES]
CODE = "123456"
STYLE, TERMS = (f"00000000-0000-4000-8000-00000000000{n}" for n in (1, 2))
SERVER, DOMAIN, SECRET_ID = "orders", "fixed", "secretid"
PROVIDER = "Corporate"
DEVICE, NEW_DEVICE = (f"eu-west-1_00000000-0000-4000-8000-00000000000{n}" for n in (0, 1))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
FAMILIAR = [
    POOL,
    CLIENT,
    USER,
    PASSWORD,
    "",
    "demo",
    "admins",
    "email",
    "email_verified",
    "custom:x",
    "rosa@example.org",
    "+4915112345678",
    "https://app.example/cb",
    "http://[::1",
    "openid",
    "orders/read",
    "COGNITO",
    "Your code is {####}",
    "You are {username} with {####}",
    "arn:aws:iam::123456789012:role/x",
    'email = "x"',
    "a.b.c",
    "12",
    "x" * 30,
]
# What a member of this name, or a text of this shape, has to be for a call to get anywhere: the
# first mostly, then what makes another call succeed.
NAMED = {
    "UserPoolId": [POOL],
    "ClientId": [CLIENT, "confidential"],
    "Username": [USER, NEWCOMER, "fresh"],
    "GroupName": ["admins", "fresh"],
    "AccessToken": [ACCESS_TOKEN],
    "RefreshToken": [REFRESH_TOKEN],
    "Token": [REFRESH_TOKEN],
    "Session": [*SESSIONS, "x" * 20],
    "ResourceArn": [f"arn:aws:cognito-idp:eu-west-1:123456789012:userpool/{POOL}"],
    "AttributeName": ["email", "phone_number"],
    "AttributeNameType": ["name", "nickname", "phone_number", "email", "sub"],
    "Code": [CODE],
    "ConfirmationCode": [CODE],
    "UserCode": [CODE],
    "ProviderName": [PROVIDER, "Google"],
    "DeviceKey": [DEVICE, NEW_DEVICE],
    "Identifier": [SERVER, "fresh"],
    "Domain": [DOMAIN, "fresh"],
    "ManagedLoginBrandingId": [STYLE],
    "TermsId": [TERMS],
    "ClientSecretId": [SECRET_ID],
    "IdpIdentifier": ["example.org"],
    "Password": [PASSWORD],
    "PreviousPassword": [PASSWORD],
    "ProposedPassword": ["N3w!passw0rd", PASSWORD],
    "TemporaryPassword": [PASSWORD],
    "AttributeValueType": ["x", "rosa@example.org", "+4915112345678", "true", ""],
    "SecretHash": ["x"],
}
# These are of no use but as a whole.
WHOLE = {
    "ProviderDetailsType": [
        {"MetadataFile": "<x/>"},
        {"client_id": "a", "client_secret": "b", "authorize_scopes": "openid"},
    ],
    "LinksType": [{"cognito:default": "https://example.org"}],
    "MFAOptionListType": [
        [],
        [{"DeliveryMedium": "SMS", "AttributeName": "phone_number"}],
    ],
    "ProviderUserIdentifierType": [
        {"ProviderName": "Cognito", "ProviderAttributeValue": USER},
        {
            "ProviderName": PROVIDER,
            "ProviderAttributeName": "Cognito_Subject",
            "ProviderAttributeValue": "x",
        },
    ],
}
PARAMETERS = {
    "USERNAME": st.sampled_from([USER] * 4 + [NEWCOMER, "nobody", ""]),
    "PASSWORD": st.sampled_from([PASSWORD] * 2 + ["wrong", ""]),
    "SRP_A": st.sampled_from(["ab", "0", "zz", "f" * 768]),
    "REFRESH_TOKEN": st.sampled_from([REFRESH_TOKEN, "a.b.c", ""]),
    "NEW_PASSWORD": st.just(PASSWORD),
    "SMS_MFA_CODE": st.sampled_from([CODE, "000000"]),
    "ANSWER": st.sampled_from(["SMS_MFA", "SOFTWARE_TOKEN_MFA", ""]),
    "EMAIL": st.sampled_from(["rosa@example.org", "x"]),
}


RIGHT = {"USERNAME": USER, "PASSWORD": PASSWORD}
SMS_CODE = {"USERNAME": USER, "SMS_MFA_CODE": CODE}
OF_POOL, OF_CLIENT = {"UserPoolId": POOL}, {"UserPoolId": POOL, "ClientId": CLIENT}
SIGN_IN = {"ClientId": CLIENT, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": RIGHT}
ANSWER = {
    "ClientId": CLIENT,
    "ChallengeName": "SMS_MFA",
    "Session": SESSIONS[CHALLENGES.index("SMS_MFA")],
    "ChallengeResponses": SMS_CODE,
}
# Input that succeeds, of operations for which chance seldom finds any.
VALID = {
    "AddUserPoolClientSecret": {"UserPoolId": POOL, "ClientId": "server"},
    "AdminCreateUser": {**OF_POOL, "Username": "fresh", "TemporaryPassword": PASSWORD},
    "AdminInitiateAuth": {**OF_POOL, **SIGN_IN, "AuthFlow": "ADMIN_USER_PASSWORD_AUTH"},
    "AdminRespondToAuthChallenge": {**OF_POOL, **ANSWER},
    "AssociateSoftwareToken": {"AccessToken": ACCESS_TOKEN},
    "ConfirmSignUp": {"ClientId": CLIENT, "Username": NEWCOMER, "ConfirmationCode": CODE},
    "CreateGroup": {**OF_POOL, "GroupName": "fresh", "Precedence": 0, "Description": "x"},
    "CreateIdentityProvider": {
        **OF_POOL,
        "ProviderName": "Google",
        "ProviderType": "Google",
        "ProviderDetails": WHOLE["ProviderDetailsType"][1],
    },
    "CreateResourceServer": {
        **OF_POOL,
        "Identifier": "fresh",
        "Name": "Fresh",
        "Scopes": [{"ScopeName": "read", "ScopeDescription": "Read"}],
    },
    "CreateTerms": {
        **OF_CLIENT,
        "TermsName": "privacy-policy",
        "TermsSource": "LINK",
        "Enforcement": "NONE",
        "Links": WHOLE["LinksType"][0],
    },
    "DescribeTermsByClient": {**OF_CLIENT, "TermsName": "terms-of-use"},
    "InitiateAuth": SIGN_IN,
    "ResendConfirmationCode": {"ClientId": CLIENT, "Username": NEWCOMER},
    "RespondToAuthChallenge": ANSWER,
    "SignUp": {
        "ClientId": CLIENT,
        "Username": "fresh",
        "Password": PASSWORD,
        "UserAttributes": [{"Name": "email", "Value": "fresh@example.org"}],
    },
}


def fitting_input(operation):
    """Input that mostly gets somewhere."""
    drawn = fitting(MODEL.operation_model(operation).input_shape)
    valid = VALID.get(operation)
    if valid is None:
        return drawn
    return st.just(valid) | drawn.map(lambda more: {**more, **valid}) | drawn


def fitting(shape, name=""):
    """Values that mostly have the types, and often the content, that ``shape`` asks for."""
    if shape.name in WHOLE:
        return st.sampled_from(WHOLE[shape.name])
    if isinstance(shape, StructureShape):
        return structure(shape)
    if isinstance(shape, ListShape):
        return st.lists(fitting(shape.member), min_size=1, max_size=3)
    if isinstance(shape, MapShape):
        if shape.name in {"AuthParametersType", "ChallengeResponsesType"}:
            named = st.fixed_dictionaries({}, optional=PARAMETERS)
            return named | st.fixed_dictionaries(PARAMETERS)
        return st.dictionaries(fitting(shape.key), fitting(shape.value), max_size=3)
    if shape.type_name == "boolean":
        return st.booleans()
    if shape.type_name in ("integer", "long", "timestamp"):
        lowest = shape.metadata.get("min", 0)
        return st.integers(lowest, min(lowest + 99, shape.metadata.get("max", 99)))
    if shape.type_name == "blob":
        return st.binary(max_size=60).map(lambda content: b64encode(content).decode())
    if "enum" in shape.metadata:
        return st.sampled_from(shape.metadata["enum"])
    known = NAMED.get(name) or NAMED.get(shape.name)
    if known:
        return st.sampled_from(known[:1] * 8 + known[1:] * 3 + ["other"])
    valid = [value for value in FAMILIAR if is_valid(shape, value)]
    return st.sampled_from(valid * 3 + FAMILIAR) | st.text(max_size=40)


@st.composite
def structure(draw, shape):
    """All required members, and up to three of the others."""
    optional = sorted(shape.members.keys() - shape.required_members)
    chosen = draw(st.sets(st.sampled_from(optional), max_size=3)) if optional else set()
    names = [name for name in shape.members if name in chosen or name in shape.required_members]
    return {name: draw(fitting(shape.members[name], name)) for name in names}


def is_valid(shape, value):
    limits = shape.metadata
    return limits.get("min", 0) <= len(value) <= limits.get("max", 999) and (
        "pattern" not in limits or matcher(limits["pattern"])(value)
    )
