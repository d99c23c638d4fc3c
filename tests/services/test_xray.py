"""A patient's data handed to the X-ray program: only with the right, and logged."""

import os
import sys

import pytest
from sqlalchemy import text

from clinic_desktop.domain.ids import new_id
from clinic_desktop.errors import InvalidError, NotAllowedError, NotFoundError
from clinic_desktop.services.documents.xray import open_xray


def handed_over(signed_in, patient) -> list[str]:
    with signed_in.reading() as ctx:
        rows = ctx.connection.execute(
            text("SELECT login FROM access_log WHERE patient_id = :p AND category = 'xray'"),
            {"p": patient},
        )
        return [row.login for row in rows]


class TestOpenXray:
    def test_started_and_logged(self, signed_in, sign_in, make, tmp_path) -> None:
        pipe, script = tmp_path / "pipe", tmp_path / "show.py"
        os.mkfifo(pipe)
        script.write_text(f"import sys; open({str(pipe)!r}, 'w').write('|'.join(sys.argv[1:]))")
        patient = make.patient("Inês", "O'Brien", sex="female")
        command = f'{sys.executable} {script} "{{family}}^{{given}}" {{born:%d.%m.%Y}} {{sex}}'
        with sign_in("u_assistant").reading() as ctx:
            open_xray(ctx, patient, command)
        assert pipe.read_text() == "O Brien^Inês|03.09.1984|F"
        assert handed_over(signed_in, patient) == ["u_assistant"]

    def test_what_cannot_be_started_is_not_logged(self, signed_in, make) -> None:
        patient = make.patient()
        with pytest.raises(InvalidError), signed_in.reading() as ctx:
            open_xray(ctx, patient, "/x {phone}")
        assert handed_over(signed_in, patient) == []

    def test_without_the_right_or_the_patient(self, signed_in, sign_in, make) -> None:
        patient = make.patient()
        with pytest.raises(NotAllowedError), sign_in("u_compliance").reading() as ctx:
            open_xray(ctx, patient, "/x")
        with pytest.raises(NotFoundError), signed_in.reading() as ctx:
            open_xray(ctx, new_id(), "/x")
