"""Pools described in a file: read them, create them, and write what is running back."""

from cognito_mock.blueprint.creation import create_pools
from cognito_mock.blueprint.export import blueprint_of
from cognito_mock.blueprint.reading import Blueprint, read_blueprint
from cognito_mock.blueprint.yaml_file import BlueprintError

__all__ = ["Blueprint", "BlueprintError", "blueprint_of", "create_pools", "read_blueprint"]
