"""Speaks four of the scripts into small recordings: `python samples/make_audio.py [--check]`.

Each turn is synthesised with Debian's `flite` (apt install flite), set at its own level, parted from the next by a
pause, laid over faint room noise and encoded with PyAV. Where each turn came to lie is written to scripts/<name>.json,
so that tests can check that a quotation plays at the right second. `--check` makes nothing: it lets PocketSphinx listen
to the recordings, cut at their pauses, and prints the word error rate of each. The recordings are shipped; run this
only to change them, and make_transcripts.py afterwards.
"""

import re
import subprocess
import sys
import tempfile
import wave
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
from room_scripts import SAMPLES, Turn, read_event, read_script, write_truth

RATE = 16_000
Sound = npt.NDArray[np.float32]
STRETCH = {"rms": 0.95, "kal16": 1.0, "awb": 1.0, "slt": 1.0}  # how slowly each voice speaks
CODECS = {  # per file ending: encoder, bits per second
    ".m4a": ("aac", 40_000),
    ".mp3": ("libmp3lame", 32_000),
    ".ogg": ("libopus", 32_000),
    ".webm": ("libopus", 32_000),
}


def spoken(turn: Turn) -> Sound:
    """The turn as float32 samples at RATE, silence at both ends cut away, loudness set to a common level."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "turn.wav"
        stretch = f"duration_stretch={STRETCH[turn.speaker]}"
        command = ["flite", "-voice", turn.speaker, "--setf", stretch, "-t", turn.text, "-o", str(out)]
        subprocess.run(command, check=True)
        with wave.open(str(out)) as sound:
            assert sound.getframerate() == RATE and sound.getnchannels() == 1
            samples = np.frombuffer(sound.readframes(sound.getnframes()), dtype="<i2").astype(np.float32) / 32768
    loud = np.flatnonzero(np.abs(samples) > 0.01)
    samples = samples[max(0, loud[0] - 400) : loud[-1] + 800]
    louder: Sound = (samples * (0.08 / np.sqrt(np.mean(samples**2)))).astype(np.float32)
    return louder


def recorded(turns: list[Turn], seed: int) -> tuple[Sound, list[dict[str, Any]]]:
    """All turns one after the other as in a room, and where each lies (seconds)."""
    chance = np.random.default_rng(seed)
    nearness = {voice: chance.uniform(0.7, 1.2) for voice in STRETCH}  # how far each speaker sits from the phone
    pieces: list[Sound] = [np.zeros(RATE, np.float32)]
    spans: list[dict[str, Any]] = []
    at = RATE
    for before, turn in zip([None, *turns], turns, strict=False):
        new_subject = before is not None and before.segment != turn.segment
        pause = int(RATE * (1.5 if new_subject else chance.uniform(0.4, 1.1)))
        pieces.append(np.zeros(pause, np.float32))
        voice = spoken(turn) * np.float32(nearness[turn.speaker] * chance.uniform(0.85, 1.15))
        at += pause
        span = {"start": round(at / RATE, 3), "end": round((at + len(voice)) / RATE, 3), "speaker": turn.speaker}
        spans.append(span | {"text": turn.text, "theme": turn.theme, "segment": turn.segment})
        pieces.append(voice)
        at += len(voice)
    pieces.append(np.zeros(RATE, np.float32))
    samples = np.concatenate(pieces)
    rumble = np.cumsum(chance.normal(0, 1, len(samples)))  # a room hums low rather than hisses
    rumble -= np.convolve(rumble, np.ones(801) / 801, mode="same")
    noise = 0.0012 * rumble / np.std(rumble) + chance.normal(0, 0.0004, len(samples))
    return np.clip(samples + noise, -1, 1).astype(np.float32), spans


def encode(samples: Sound, path: Path) -> None:
    """Writes mono samples at RATE into a compressed file; the ending chooses container and codec."""
    codec, bits = CODECS[path.suffix]
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=RATE)
        stream.bit_rate, stream.layout = bits, "mono"
        resampler = av.AudioResampler(format=stream.format.name, layout="mono", rate=RATE)
        sound = av.AudioFrame.from_ndarray((samples[None] * 32767).astype(np.int16), format="s16", layout="mono")
        sound.sample_rate = RATE
        for frame in resampler.resample(sound):
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def decode(path: Path) -> Sound:
    """The whole file as float32 samples at RATE, mono."""
    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
    with av.open(str(path)) as container:
        frames = [part for frame in container.decode(audio=0) for part in resampler.resample(frame)]
        frames += resampler.resample(None)
    return np.concatenate([frame.to_ndarray()[0] for frame in frames])


def words(text: str) -> list[str]:
    """Bare lower-case words, as PocketSphinx writes them."""
    return re.findall(r"[a-z']+", re.sub(r"\(\d\)", "", text.lower()))


def errors(said: list[str], heard: list[str]) -> int:
    """Least number of words to insert, delete or replace (Levenshtein)."""
    row = list(range(len(heard) + 1))
    for i, word in enumerate(said, 1):
        previous, row[0] = row[0], i
        for j, other in enumerate(heard, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (word != other))
    return row[-1]


def check(path: Path, turns: list[Turn]) -> None:
    """Prints what PocketSphinx makes of the recording and its word error rate."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps
    from pocketsphinx import Decoder

    decoder = Decoder(samprate=RATE, loglevel="FATAL", lw=4.5)
    samples = decode(path)
    options = VadOptions(min_silence_duration_ms=300, speech_pad_ms=100)
    heard: list[str] = []
    for piece in get_speech_timestamps(samples, options):
        decoder.start_utt()
        decoder.process_raw((samples[piece["start"] : piece["end"]] * 32767).astype("<i2").tobytes(), full_utt=True)
        decoder.end_utt()
        text = decoder.hyp().hypstr if decoder.hyp() else ""
        print(f"  {piece['start'] / RATE:6.1f} {text}")
        heard += words(text)
    said = words(" ".join(turn.text for turn in turns))
    rate = errors(said, heard) / len(said)
    print(f"{path.name}: {len(samples) / RATE:.0f} s, {len(said)} words, word error rate {rate:.1%}\n", flush=True)


def main() -> None:
    """Makes (or checks) every room of event.json that is audio; names on the command line choose some of them."""
    chosen = [name for name in sys.argv[1:] if not name.startswith("--")]
    for number, room in enumerate(read_event()["rooms"]):
        path, script = SAMPLES / room["file"], SAMPLES / room["script"]
        if path.suffix not in CODECS or (chosen and script.stem not in chosen):
            continue
        turns = read_script(script)
        if "--check" in sys.argv:
            check(path, turns)
            continue
        samples, spans = recorded(turns, seed=number)
        path.parent.mkdir(exist_ok=True)
        encode(samples, path)
        write_truth(script, len(samples) / RATE, spans)
        print(f"{path.name}: {len(samples) / RATE:.0f} s, {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
