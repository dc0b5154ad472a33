"""What the service checks although its public model says otherwise, by structure and member."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What replaces the model's bounds; ``patterns`` are all required, None keeps the one."""

    required: bool = False
    minimum: int | None = None
    patterns: tuple[str, ...] | None = None


# COG-API-WIRE-019, COG-API-POLICY-004: the model's [\S]+ without a minimum is not what is enforced.
_OBSERVED = r"^[\S]+.*[\S]+$"
_NEW_PASSWORD = Correction(minimum=6, patterns=(_OBSERVED,))
# COG-API-SIGNUP-004: only pools with passwordless factors do without.
_FIRST_PASSWORD = Correction(required=True, minimum=6, patterns=(_OBSERVED,))
# COG-API-POOL-008, COG-API-MSG-012: an invitation carries the name and the password.
_INVITATION = Correction(patterns=(r".*\{####\}.*", r".*\{username\}.*"))
# COG-API-WIRE-040, COG-API-MSG-017: custom domains have dots, and wrong characters
# get a text of their own.
_DOMAIN = Correction(patterns=())
# COG-API-ATTR-003: the name makes the attribute.
_NAME = Correction(required=True)

CORRECTIONS = {
    ("SchemaAttributeType", "Name"): _NAME,
    ("SignUpRequest", "Password"): _FIRST_PASSWORD,
    ("ConfirmForgotPasswordRequest", "Password"): _NEW_PASSWORD,
    ("ChangePasswordRequest", "ProposedPassword"): _NEW_PASSWORD,
    ("MessageTemplateType", "EmailMessage"): _INVITATION,
    ("MessageTemplateType", "SMSMessage"): _INVITATION,
    ("CreateUserPoolDomainRequest", "Domain"): _DOMAIN,
    ("DescribeUserPoolDomainRequest", "Domain"): _DOMAIN,
    ("UpdateUserPoolDomainRequest", "Domain"): _DOMAIN,
    ("DeleteUserPoolDomainRequest", "Domain"): _DOMAIN,
}

# COG-API-MSG-012: the path in a message names this member differently.
MEMBER_NAMES = {"InviteMessageTemplate": "inviteMessage"}
