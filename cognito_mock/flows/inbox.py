"""What the pools "sent": kept where tests and people can read it."""

from cognito_mock.core.grants import Message
from cognito_mock.core.ids import new_uuid
from cognito_mock.flows.services import Services
from cognito_mock.stores.base import Transaction

# The inbox keeps its newest messages only, so that a load test does not fill memory.
MOST_MESSAGES = 10_000
_TRIM_ONE_IN = 256


def post(
    tx: Transaction,
    services: Services,
    *,
    pool_id: str,
    username: str,
    medium: str,
    recipient: str,
    trigger_source: str,
    subject: str,
    body: str,
    code: str | None = None,
    link: str | None = None,
) -> Message:
    """Put a message into the inbox, in the transaction that makes its code valid.

    The caller hands it to ``services.delivery`` once the transaction has ended.
    """
    message = Message(
        sequence=_next_sequence(tx, services.clock.now()),
        id=new_uuid(services.entropy),
        pool_id=pool_id,
        username=username,
        medium=medium,
        recipient=recipient,
        trigger_source=trigger_source,
        subject=subject,
        body=body,
        code=code,
        link=link,
        sent_at=services.clock.now(),
    )
    tx.put(message)
    if services.entropy.token_bytes(1)[0] % _TRIM_ONE_IN == 0:
        for old in tx.scan(Message)[:-MOST_MESSAGES]:
            tx.delete(Message, old.sequence)
    return message


def list_messages(
    services: Services, pool_id: str | None = None, recipient: str | None = None
) -> list[Message]:
    """Return messages, newest last; of one pool, to one recipient."""
    with services.store.read() as tx:
        found = tx.scan(Message) if pool_id is None else tx.find(Message, "pool", pool_id)
    return [message for message in found if recipient in (None, message.recipient)]


def clear_messages(services: Services) -> None:
    """Empty the inbox."""
    with services.store.transaction() as tx:
        for message in tx.scan(Message):
            tx.delete(Message, message.sequence)


def _next_sequence(tx: Transaction, now: float) -> str:
    # Time sorts messages, except when the clock stood still or was put back: then one more than
    # the latest does.
    sequence = f"{int(now * 1_000_000):020}"
    if tx.get(Message, sequence) is None and not tx.scan(Message, after=(sequence,), limit=1):
        return sequence
    later = tx.scan(Message, after=(sequence,))
    return f"{int(later[-1].sequence if later else sequence) + 1:020}"
