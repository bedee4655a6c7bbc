"""A real `harvest serve` in a process of its own, for tests that need the whole thing."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path


class Viewer:
    """A running viewer with its worker: the process, its address, and the link it printed."""

    def __init__(self, data: Path, **settings: str) -> None:
        command = [sys.executable, "-m", "web", "--data", str(data), "serve", "--port", "0"]
        environment = os.environ | settings
        self.process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert self.process.stdout
        said = [self.process.stdout.readline() for _ in range(3)]
        self.address = re.findall(r"http://\S+?(?=/)", said[0])[0]
        self.link = re.findall(r"http://\S+", said[1])[0]

    def stop(self) -> int:
        """Ends it as Ctrl-C would, and returns its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(20)
        assert self.process.stdout
        self.process.stdout.close()
        return code
