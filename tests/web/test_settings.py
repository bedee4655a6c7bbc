import pytest

from capture.errors import Refused
from capture.settings import CaptureSettings
from mining.settings import MiningSettings
from web.settings import WebSettings


def _settings(env: dict[str, str], **given: object) -> WebSettings:
    return WebSettings.from_env(env, capture=CaptureSettings(), mining=MiningSettings(), **given)


def test_everything_is_read_from_the_environment_and_the_rest_has_defaults() -> None:
    assert _settings({}).max_upload_mb == 4096
    settings = _settings({"HARVEST_MAX_UPLOAD_MB": "100", "HARVEST_SESSION_DAYS": "3"})
    assert (settings.max_upload_mb, settings.session_days) == (100, 3)
    with pytest.raises(Refused, match="HARVEST_MAX_UPLOAD_MB"):
        _settings({"HARVEST_MAX_UPLOAD_MB": "many"})


def test_trusted_are_the_address_listened_on_and_the_names_given() -> None:
    settings = _settings({"HARVEST_HOSTS": "Harvest.example.org, talk.local"}, host="0.0.0.0")
    assert settings.trusted_hosts == {"0.0.0.0", "harvest.example.org", "talk.local"}


def test_the_public_address_is_trusted_and_has_to_be_one() -> None:
    settings = _settings({"HARVEST_ADDRESS": "https://Harvest.example.org/", "HARVEST_INVITATION_DAYS": "30"})
    assert (settings.public_address, settings.invitation_days) == ("https://Harvest.example.org", 30)
    assert "harvest.example.org" in settings.trusted_hosts
    assert _settings({}).public_address == ""
    with pytest.raises(Refused, match="“harvest” is not the address of a viewer"):
        _ = _settings({"HARVEST_ADDRESS": "harvest"}).trusted_hosts
