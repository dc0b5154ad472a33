"""respx answers for other hosts and counts its calls; Cognito's do not bother it."""

import httpx
import pytest
import shop


def test_fixture(respx_mock, cognito_pool):
    route = respx_mock.get("https://warehouse.example/stock").respond(json={"books": 3})

    assert httpx.get("https://warehouse.example/stock").json() == {"books": 3}
    assert shop.discovered_issuer(cognito_pool.id) == shop.issuer(cognito_pool.id)
    assert route.call_count == 1


@pytest.mark.respx(base_url="https://warehouse.example", assert_all_mocked=True)
def test_cognito_first(cognito_pool, respx_mock):
    respx_mock.get("/stock").respond(404)

    assert shop.HTTP.get("https://warehouse.example/stock").status_code == 404
    assert shop.discovered_issuer(cognito_pool.id) == shop.issuer(cognito_pool.id)
