"""Changing, deleting and verifying attributes through boto3."""

import pytest

from .live import pairs

BAD = "InvalidParameterException"
REFUSED = "NotAuthorizedException"
KEEPING = {
    "AutoVerifiedAttributes": ["email"],
    "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
}


@pytest.fixture
def rosa(live):
    """A token of a user with a verified address."""
    live.user(name="Rosa")
    return {"AccessToken": live.sign_in()["AccessToken"]}


def update(live, token, **attributes):
    answer = live.idp.update_user_attributes(**token, UserAttributes=pairs(attributes))
    return answer["CodeDeliveryDetailsList"]


def verify(live, token, code, name="email"):
    live.idp.verify_user_attribute(**token, AttributeName=name, Code=code)


def contact(live):
    shown = live.attributes()
    return shown.get("email"), shown.get("email_verified")


def test_changed_address_is_verified_by_code(live, rosa):
    """COG-API-ATTRV-001: the new address is there at once, unverified until its code."""
    sent = update(live, rosa, email="new@example.net", name="Rosa L.")

    assert sent == [
        {"Destination": "n***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email"}
    ]
    assert contact(live) == ("new@example.net", "false")
    message = live.messages()[-1]
    assert message.recipient == "new@example.net"
    assert message.trigger_source == "CustomMessage_UpdateUserAttribute"
    verify(live, rosa, message.code)
    assert contact(live) == ("new@example.net", "true")
    assert live.attributes()["name"] == "Rosa L."


def test_address_is_kept_until_verified(new_live):
    """COG-API-ATTRV-002: the old value stays, verified, until the new one is."""
    live = new_live(**KEEPING)
    live.user()
    token = {"AccessToken": live.sign_in()["AccessToken"]}

    update(live, token, email="new@example.net", name="Rosa")

    assert contact(live) == ("rosa@example.org", "true")
    assert live.attributes()["name"] == "Rosa"
    assert live.messages()[-1].recipient == "new@example.net"
    verify(live, token, live.messages()[-1].code)
    assert contact(live) == ("new@example.net", "true")


def test_waiting_address_is_asked_for_again(new_live):
    """COG-API-ATTRV-003: another code goes to the address that waits, not to the one in use."""
    live = new_live(**KEEPING)
    live.user()
    token = {"AccessToken": live.sign_in()["AccessToken"]}
    update(live, token, email="new@example.net")

    sent = live.idp.get_user_attribute_verification_code(**token, AttributeName="email")

    assert sent["CodeDeliveryDetails"]["Destination"] == "n***@e***"
    verify(live, token, live.messages()[-1].code)
    assert contact(live) == ("new@example.net", "true")


def test_later_word_about_a_waiting_address(new_live):
    """Going back to the address in use takes the request for another one back."""
    live = new_live(**KEEPING)
    live.user()
    token = {"AccessToken": live.sign_in()["AccessToken"]}
    update(live, token, email="new@example.net")
    code = live.messages()[-1].code

    assert update(live, token, email="rosa@example.org") == []

    assert live.refusal("verify_user_attribute", **token, AttributeName="email", Code=code) == (
        "ExpiredCodeException",
        "Invalid code provided, please request a code again.",
    )
    assert contact(live) == ("rosa@example.org", "true")


def test_code_of_a_former_address_is_void(live, rosa):
    """What was sent to one address verifies no other one."""
    update(live, rosa, email="first@example.net")
    code = live.messages()[-1].code

    live.idp.admin_update_user_attributes(
        UserPoolId=live.pool_id,
        Username="rosa",
        UserAttributes=pairs({"email": "second@example.net", "email_verified": "false"}),
    )

    assert live.refusal("verify_user_attribute", **rosa, AttributeName="email", Code=code)[0] == (
        "ExpiredCodeException"
    )
    assert contact(live) == ("second@example.net", "false")


def test_code_on_request(live):
    """COG-API-ATTRV-003: for an address that nobody verified yet, also twice."""
    live.user(verified=False)
    token = {"AccessToken": live.sign_in()["AccessToken"]}

    sent = live.idp.get_user_attribute_verification_code(**token, AttributeName="email")

    assert sent["CodeDeliveryDetails"]["Destination"] == "r***@e***"
    assert live.messages()[-1].trigger_source == "CustomMessage_VerifyUserAttribute"
    wrong = "000000" if live.messages()[-1].code != "000000" else "111111"
    assert live.refusal("verify_user_attribute", **token, AttributeName="email", Code=wrong) == (
        "CodeMismatchException",
        "Invalid verification code provided, please try again.",
    )
    verify(live, token, live.messages()[-1].code)
    assert contact(live) == ("rosa@example.org", "true")


@pytest.mark.parametrize("operation", ["get_user_attribute_verification_code", "verify"])
def test_only_contacts_are_verified(live, rosa, operation):
    """COG-API-ATTRV-003; and a contact that is not there is none."""
    if operation == "verify":
        more = {"AttributeName": "name", "Code": "123456"}
        assert live.refusal("verify_user_attribute", **rosa, **more)[0] == BAD
    else:
        assert live.refusal(operation, **rosa, AttributeName="name")[0] == BAD
        assert live.refusal(operation, **rosa, AttributeName="phone_number")[0] == BAD


def test_alias_of_somebody_else(new_live):
    """COG-API-NAME-005, COG-API-OP-VerifyUserAttribute: who proves the address has the alias."""
    live = new_live(AliasAttributes=["email"], AutoVerifiedAttributes=["email"])
    live.user("karl")
    live.user("rosa")
    token = {"AccessToken": live.sign_in()["AccessToken"]}
    update(live, token, email="karl@example.org")
    assert live.attributes("karl")["email_verified"] == "true"

    live.idp.verify_user_attribute(**token, AttributeName="email", Code=live.messages()[-1].code)

    assert contact(live) == ("karl@example.org", "true")
    assert live.attributes("karl")["email_verified"] == "false"
    found = live.idp.admin_get_user(UserPoolId=live.pool_id, Username="karl@example.org")
    assert found["Username"] == "rosa"


def test_address_that_is_somebody_elses_username(new_live):
    """COG-API-NAME-002, -008: it is taken already, verified or not; nothing changes."""
    live = new_live(UsernameAttributes=["email"], AutoVerifiedAttributes=["email"])
    for name in ("karl@example.org", "rosa@example.org"):
        live.user(name, email=name)
    token = {"AccessToken": live.sign_in("rosa@example.org")["AccessToken"]}

    refused = live.refusal(
        "update_user_attributes", **token, UserAttributes=pairs({"email": "karl@example.org"})
    )

    assert refused == ("AliasExistsException", "An account with the email already exists.")
    assert live.attributes("rosa@example.org")["email"] == "rosa@example.org"


@pytest.mark.parametrize(
    ("attributes", "error"),
    [
        (
            {"email_verified": "true"},
            (REFUSED, "A client attempted to write unauthorized attribute"),
        ),
        (
            {"custom:unknown": "x"},
            (
                BAD,
                (
                    "Attributes did not conform to the schema: Type for attribute {custom:unknown}"
                    " could not be determined"
                ),
            ),
        ),
        (
            {"phone_number_verified": "true"},
            (REFUSED, "A client attempted to write unauthorized attribute"),
        ),
        ({"email": "nobody"}, (BAD, "Invalid email address format.")),
    ],
    ids=["flag", "unknown", "other flag", "no address"],
)
def test_refused_update_changes_nothing(live, rosa, attributes, error):
    """COG-API-SIGNUP-005, -006, COG-API-ATTR-011, also for what was right in the same call."""
    before = live.attributes()

    refused = live.refusal(
        "update_user_attributes", **rosa, UserAttributes=pairs({"name": "Other", **attributes})
    )

    assert refused == error
    assert live.attributes() == before
    assert live.messages() == []


def test_postal_address_is_any_text(live, rosa):
    """COG-API-ATTR-011: not the claim's structure; and administrators write the flags."""
    address = "1 Any Way\nAnytown"

    update(live, rosa, address=address, phone_number="+15555550123")
    live.idp.admin_update_user_attributes(
        UserPoolId=live.pool_id,
        Username="rosa",
        UserAttributes=pairs({"phone_number_verified": "true"}),
    )

    written = live.attributes()
    assert (written["address"], written["phone_number_verified"]) == (address, "true")


@pytest.mark.parametrize("value", [5, True, 1.5, {"a": "b"}, ["a"]])
def test_custom_attribute_that_is_no_text(api, pool_id, value):
    """COG-API-ATTRV-006: whatever the attribute's type, its value is a string."""
    schema = [{"Name": "level", "AttributeDataType": "Number"}]
    api.call("AddCustomAttributes", UserPoolId=pool_id, CustomAttributes=schema)
    before = api.records()

    refused = api.fail(
        "AdminCreateUser",
        UserPoolId=pool_id,
        Username="rosa",
        UserAttributes=[{"Name": "custom:level", "Value": value}],
    )

    assert refused[0] == "SerializationException"
    assert api.records() == before


def test_unknown_attribute_for_an_administrator(live, rosa):
    """COG-API-SIGNUP-005, with the prefix that only this operation has."""
    assert live.refusal(
        "admin_update_user_attributes",
        UserPoolId=live.pool_id,
        Username="rosa",
        UserAttributes=pairs({"custom:x": "1"}),
    ) == (
        BAD,
        "Invalid user attributes: user.custom:x: Attribute does not exist in the schema.\n",
    )


def test_deleted_attributes(live, rosa):
    """COG-API-ATTRV-005: an address goes with its flag, and its codes with it."""
    live.idp.get_user_attribute_verification_code(**rosa, AttributeName="email")

    live.idp.delete_user_attributes(**rosa, UserAttributeNames=["name"])
    live.idp.admin_delete_user_attributes(
        UserPoolId=live.pool_id, Username="rosa", UserAttributeNames=["email", "nickname"]
    )

    assert live.attributes() == {}
    code = live.messages()[-1].code
    assert live.refusal("verify_user_attribute", **rosa, AttributeName="email", Code=code)[0] == (
        "ExpiredCodeException"
    )


def test_required_attribute_stays(new_live):
    """COG-API-ATTRV-004, -005: neither an empty value nor a deletion takes it away."""
    live = new_live(Schema=[{"Name": "name", "Required": True}])
    live.user(name="Rosa")
    token = {"AccessToken": live.sign_in()["AccessToken"]}
    error = (BAD, "Attributes did not conform to the schema: name: The attribute is required\n")

    emptied = pairs({"name": ""})

    assert live.refusal("delete_user_attributes", **token, UserAttributeNames=["name"]) == error
    assert live.refusal("update_user_attributes", **token, UserAttributes=emptied) == error
    assert live.attributes()["name"] == "Rosa"


def test_address_that_is_the_username_stays(new_live):
    """COG-API-ATTRV-005."""
    live = new_live(UsernameAttributes=["email"])
    live.user("rosa@example.org", email="rosa@example.org")

    refused = live.refusal(
        "admin_delete_user_attributes",
        UserPoolId=live.pool_id,
        Username="rosa@example.org",
        UserAttributeNames=["email"],
    )

    assert refused[0] == BAD
    assert live.attributes("rosa@example.org")["email"] == "rosa@example.org"


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"email": "new@example.net"}, 1),
        ({"email": "new@example.net", "email_verified": "true"}, 0),
    ],
    ids=["value alone", "value with flag"],
)
def test_administrators_change(new_live, given, sent):
    """COG-API-ATTRV-004: a flag given with the value makes the code unnecessary."""
    live = new_live(AutoVerifiedAttributes=["email"])
    live.user()

    live.idp.admin_update_user_attributes(
        UserPoolId=live.pool_id, Username="rosa", UserAttributes=pairs(given)
    )

    assert len(live.messages()) == sent
    assert contact(live) == ("new@example.net", given.get("email_verified", "false"))


def test_custom_attributes_are_added(live, rosa):
    """COG-API-ATTR-003, -005: the schema grows, and the attribute can be used at once."""
    schema = live.idp.describe_user_pool(UserPoolId=live.pool_id)["UserPool"]["SchemaAttributes"]

    live.idp.add_custom_attributes(
        UserPoolId=live.pool_id,
        CustomAttributes=[
            {"Name": "tier", "AttributeDataType": "String"},
            {"Name": "score", "AttributeDataType": "Number", "DeveloperOnlyAttribute": True},
        ],
    )

    described = live.idp.describe_user_pool(UserPoolId=live.pool_id)["UserPool"]
    assert described["SchemaAttributes"][: len(schema)] == schema
    assert [a["Name"] for a in described["SchemaAttributes"][len(schema) :]] == [
        "custom:tier",
        "dev:custom:score",
    ]
    update(live, rosa, **{"custom:tier": "gold"})
    assert live.attributes()["custom:tier"] == "gold"


@pytest.mark.parametrize(
    ("attribute", "message"),
    [
        ({"Name": "tier"}, "custom:tier: Existing attribute already has name custom:tier."),
        (
            {"Name": "other", "Required": True},
            "Required custom attributes are not supported currently.",
        ),
        (
            {},
            (
                "1 validation error detected: Value null at 'customAttributes.2.member.name'"
                " failed to satisfy constraint: Member must not be null"
            ),
        ),
    ],
    ids=["taken", "required", "nameless"],
)
def test_refused_custom_attribute(new_live, attribute, message):
    """COG-API-ATTR-004: one that cannot be keeps out those that came with it."""
    live = new_live(Schema=[{"Name": "tier"}])
    before = live.idp.describe_user_pool(UserPoolId=live.pool_id)["UserPool"]["SchemaAttributes"]

    refused = live.refusal(
        "add_custom_attributes",
        UserPoolId=live.pool_id,
        CustomAttributes=[{"Name": "fine"}, attribute],
    )

    assert refused == (BAD, message)
    after = live.idp.describe_user_pool(UserPoolId=live.pool_id)["UserPool"]["SchemaAttributes"]
    assert after == before


def test_at_most_fifty_custom_attributes(live):
    """COG-API-QUO-002, COG-QUO-016."""
    names = [{"Name": f"a{n}"} for n in range(50)]
    for batch in (names[:25], names[25:]):
        live.idp.add_custom_attributes(UserPoolId=live.pool_id, CustomAttributes=batch)

    refused = live.refusal(
        "add_custom_attributes", UserPoolId=live.pool_id, CustomAttributes=[{"Name": "more"}]
    )

    assert refused[0] == BAD
    assert "length less than or equal to 50" in refused[1]


def test_administrators_rules(live):
    """COG-API-ATTRV-004: the same value stays verified, an empty one removes."""
    live.user(name="Rosa")

    def change(**attributes):
        live.idp.admin_update_user_attributes(
            UserPoolId=live.pool_id, Username="rosa", UserAttributes=pairs(attributes)
        )

    change(email="rosa@example.org")
    assert contact(live) == ("rosa@example.org", "true")
    change(name="", email="")
    assert live.attributes() == {}


def test_immutable_attribute(new_live):
    """COG-API-SIGNUP-006."""
    live = new_live(Schema=[{"Name": "nickname", "Mutable": False}])
    live.user()

    assert live.refusal(
        "admin_update_user_attributes",
        UserPoolId=live.pool_id,
        Username="rosa",
        UserAttributes=pairs({"nickname": "x"}),
    ) == (BAD, "user.nickname: Attribute cannot be updated.\n")
