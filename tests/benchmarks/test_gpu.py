from tests.benchmarks import gpu


def test_it_checks_itself_on_the_processor(capsys):
    gpu.main(["--device", "cpu"])
    assert "no CUDA device" in capsys.readouterr().out
