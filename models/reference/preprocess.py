"""Writes golden/pictures/ and golden/preprocess.json: pictures as CLIP's official preprocessing sees them.

The transform is that of openai/CLIP clip/clip.py, `_transform`: torchvision's Resize(side, BICUBIC) and
CenterCrop(side) on PIL pictures, ToTensor, Normalize. torchvision is not needed for it: on PIL pictures it
calls Image.resize, and its sizes are computed here as torchvision/transforms/functional.py does.

Three things the official code leaves to its caller are fixed here, and the page does the same:
- EXIF orientation is applied first (PIL's open does not).
- A picture becomes RGB before it is resized, as in Hugging Face's CLIPImageProcessor (the official code
  converts last, so that a palette would be resized without smoothing).
- Transparency shows white. PIL's convert('RGB') drops it and shows whatever colour lies below.
Run: /usr/bin/python3 models/reference/preprocess.py (PIL 9.4; it rewrites the same bytes)
"""
import base64
import json
import struct
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, ImageOps

FOLDER = Path(__file__).parent / "golden"
PICTURES = FOLDER / "pictures"
MEAN = np.array([0.48145466, 0.4578275, 0.40821073])
DEVIATION = np.array([0.26862954, 0.26130258, 0.27577711])
ORIENTATION = 0x0112
Image.MAX_IMAGE_PIXELS = None
SHOWN = [0, 17, 1009, 4095, 4096, 7777, 8191, 8192, 12_287]  # elements of a normalised [3, 64, 64]


def rgb(picture):
    picture = ImageOps.exif_transpose(picture)
    if picture.mode in ("RGBA", "LA", "P"):
        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture)
    return picture.convert("RGB")


def square(picture, side):
    """[side, side, 3] uint8: shorter side to `side`, then the middle."""
    width, height = picture.size
    short, long = min(width, height), max(width, height)
    stretched = int(side * long / short)
    size = (side, stretched) if width <= height else (stretched, side)
    picture = picture.resize(size, Image.Resampling.BICUBIC)
    left = int(round((size[0] - side) / 2.0))
    top = int(round((size[1] - side) / 2.0))
    return np.asarray(picture.crop((left, top, left + side, top + side)))


def normalised(pixels):
    """[3, side, side], what the vision network takes."""
    return ((pixels / 255 - MEAN) / DEVIATION).transpose(2, 0, 1)


def scene(width, height):
    """Shades and soft discs that differ in every corner, so that a turn or a flip shows."""
    y, x = np.mgrid[0:height, 0:width]
    u, v = x / max(width - 1, 1), y / max(height - 1, 1)
    red = 255 * u
    green = 255 * v * (1 - u)
    blue = 120 + 100 * np.sin(7 * u + 3 * v)
    disc = (u - 0.3) ** 2 + (v - 0.25) ** 2 < 0.03
    picture = np.stack([red, green, blue], axis=-1)
    picture[disc] = [250, 240, 20]
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)


def stripes(width, height):
    """One-pixel stripes, a fine chequer and a ring pattern: what aliases when it is shrunk carelessly."""
    y, x = np.mgrid[0:height, 0:width]
    picture = np.full((height, width, 3), 128, np.uint8)
    picture[:, : width // 3] = (255 * (x % 2))[:, : width // 3, None]
    middle = slice(width // 3, 2 * width // 3)
    picture[:, middle] = (255 * ((x // 2 + y // 2) % 2))[:, middle, None] * np.array([1, 0.5, 0.2])
    rings = 127.5 + 127.5 * np.sign(np.cos(((x - width) ** 2 + (y - height / 2) ** 2) / 900))
    picture[:, 2 * width // 3 :, 1] = rings[:, 2 * width // 3 :]
    return picture


def with_alpha(width, height):
    """The scene behind a ramp of alpha; its left edge is quite transparent over black."""
    ramp = np.tile(np.linspace(0, 255, width), (height, 1)).astype(np.uint8)
    return np.dstack([scene(width, height), ramp])


def huge():
    """12,000 × 9,000 pixels of a map in four colours, as a PNG of 2 bits a pixel."""
    y, x = np.mgrid[0:90, 0:120]
    tiles = (((x - 40) ** 2 + (y - 30) ** 2 < 500) + 2 * ((x + 2 * y) // 40 % 2)).astype(np.uint8)
    picture = Image.fromarray(np.kron(tiles, np.ones((100, 100), np.uint8)), "P")
    picture.putpalette([20, 30, 90, 250, 200, 60, 120, 160, 90, 240, 240, 235])
    file = BytesIO()
    picture.save(file, "PNG", bits=2, optimize=True)
    return file.getvalue()


def png16(values):
    """A PNG of 16 bits a channel, which PIL reads but does not write. values [h, w, 3] uint16."""
    height, width, _ = values.shape
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    header = struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def swapped_profile():
    """An sRGB profile whose red and blue change places: whoever obeys it sees other colours."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = bytes(12)  # the hour it was made
    return profile.replace(b"rXYZ", b"?XYZ", 1).replace(b"bXYZ", b"rXYZ", 1).replace(b"?XYZ", b"bXYZ", 1)


def encoded(pixels, kind, mode=None, **options):
    file = BytesIO()
    picture = Image.fromarray(pixels)
    (picture.convert(mode) if mode else picture).save(file, kind, **options)
    return file.getvalue()


def turned(orientation):
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return encoded(scene(48, 80), "JPEG", quality=95, subsampling=0, exif=exif.tobytes())


def animated(kind, **options):
    frames = [Image.fromarray(frame) for frame in (scene(40, 30), 255 - scene(40, 30))]
    file = BytesIO()
    frames[0].save(file, kind, save_all=True, append_images=frames[1:], duration=100, **options)
    return file.getvalue()


def pictures():
    """Name, bytes, side of the square."""
    for orientation in (1, 2, 3, 6, 8):
        yield f"orientation-{orientation}.jpg", turned(orientation), 32
    yield "grey.jpg", encoded(scene(70, 50), "JPEG", "L", quality=90), 32
    yield "cmyk.jpg", encoded(scene(70, 50), "JPEG", "CMYK", quality=95), 32
    yield "halved-chroma.jpg", encoded(scene(150, 100), "JPEG", quality=75), 48
    yield "alpha.png", encoded(with_alpha(61, 47), "PNG"), 32
    yield "palette.png", encoded(scene(61, 47), "PNG", "P", optimize=True), 32
    yield "sixteen-bits.png", png16(scene(41, 33).astype(np.uint16) * 257), 32
    yield "profile.png", encoded(scene(41, 33), "PNG", icc_profile=swapped_profile()), 32
    yield "animated.gif", animated("GIF"), 32
    yield "animated.webp", animated("WEBP", lossless=True), 32
    yield "one-pixel.png", encoded(scene(1, 1) + np.uint8(77), "PNG"), 32
    yield "wide.png", encoded(scene(1000, 3), "PNG"), 64
    yield "tall.png", encoded(scene(5, 701), "PNG"), 64
    yield "odd-crop.png", encoded(scene(71, 64), "PNG"), 64
    yield "exact.png", encoded(scene(64, 64), "PNG"), 64
    yield "huge.png", huge(), 224
    yield "stripes.png", encoded(stripes(1120, 1160), "PNG", optimize=True), 224


def hashed(width, height):
    """[h, w, 3] uint8 by a formula that resample.test.ts repeats."""
    y, x, c = np.mgrid[0:height, 0:width, 0:3]
    return ((x * x * 7 + y * 13 + x * y * 3 + c * 83) % 256).astype(np.uint8)


def packed(pixels):
    return base64.b64encode(zlib.compress(np.ascontiguousarray(pixels).tobytes(), 9)).decode()


def main():
    PICTURES.mkdir(parents=True, exist_ok=True)
    golden = {"pictures": [], "resampled": []}
    for name, content, side in pictures():
        (PICTURES / name).write_bytes(content)
        pixels = square(rgb(Image.open(BytesIO(content))), side)
        golden["pictures"].append({"name": name, "side": side, "pixels": packed(pixels)})
        if name == "wide.png":
            values = normalised(pixels).ravel()
            elements = [[i, float(f"{values[i]:.9g}")] for i in SHOWN]
            golden["normalised"] = {"name": name, "side": side, "elements": elements}
    for width, height, side in [(37, 23, 16), (23, 37, 16), (5, 5, 16), (100, 3, 8), (3, 50, 7),
                                (64, 64, 64), (65, 64, 64), (67, 64, 64), (400, 300, 11), (1, 1, 4)]:
        pixels = square(Image.fromarray(hashed(width, height)), side)
        golden["resampled"].append(
            {"width": width, "height": height, "side": side, "pixels": packed(pixels)}
        )
    (FOLDER / "preprocess.json").write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
