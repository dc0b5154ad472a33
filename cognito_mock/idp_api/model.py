"""The service model that botocore carries: operations, shapes, who signs. Loaded on first use."""

from functools import cache

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel

SERVICE = "cognito-idp"


@cache
def service_model() -> ServiceModel:
    """Return the model of ``cognito-idp``; it never changes while the process runs."""
    return ServiceModel(Loader().load_service_model(SERVICE, "service-2"), SERVICE)


@cache
def operation_names() -> frozenset[str]:
    """Return the names of all operations of the service."""
    return frozenset(service_model().operation_names)


def operation_model(name: str) -> OperationModel:
    """Return the model of an operation that is in ``operation_names()``."""
    return service_model().operation_model(name)


def is_signed(operation: OperationModel) -> bool:
    """Tell whether callers sign the operation with AWS credentials (COG-API-WIRE-026)."""
    return str(operation.auth_type) != "none"
