#!/usr/bin/python3
"""Reads and writes the formats of framework/formats in its own way, for the tests to compare with.

oracle.py COMMAND ARGUMENTS; arrays are printed one a line: name|type|shape|numbers' bytes in hex.
"""
import json
import struct
import sys
import zlib

import numpy

TYPES = {"F32": "<f4", "F64": "<f8", "U8": "|u1", "I32": "<i4", "I64": "<i8"}
NAMES = {numpy.dtype(text): name for name, text in TYPES.items()}


def show(name, array):
    shape = ",".join(str(dim) for dim in array.shape)
    print(f"{name}|{NAMES[array.dtype]}|{shape}|{array.tobytes().hex()}")


def arrays():
    """Arrays of every type, with no, one and several dimensions, and an empty one."""
    rng = numpy.random.RandomState(1)
    return {
        "weight": rng.randn(3, 4).astype("f4"),
        "exact": rng.randn(2, 2, 2),
        "pixels": rng.randint(0, 256, 7).astype("u1"),
        "steps": numpy.array(-5, "i4"),
        "größe": numpy.array([2**40, -1], "i8"),
        "empty": numpy.zeros((0, 3), "f4"),
    }


def read_safetensors(path):
    data = open(path, "rb").read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    for key, value in sorted(header.pop("__metadata__", {}).items()):
        print(f"{key}={value}")
    for name, entry in header.items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        show(name, numpy.frombuffer(data[begin:end], TYPES[entry["dtype"]]).reshape(entry["shape"]))


def write_safetensors(path):
    header, body = {"__metadata__": {"by": "python"}}, b""
    for name, array in arrays().items():
        numbers = array.tobytes()
        header[name] = {
            "shape": array.shape,
            "data_offsets": [len(body), len(body) + len(numbers)],
            "dtype": NAMES[array.dtype],
        }
        body += numbers
        show(name, array)
    text = json.dumps(header, indent=1).encode()
    open(path, "wb").write(struct.pack("<Q", len(text)) + text + body)


def read_npz(path):
    with numpy.load(path, allow_pickle=False) as file:
        for name in file.files:
            show(name, file[name])


def write_npz(path, how):
    save = numpy.savez_compressed if how == "compressed" else numpy.savez
    save(path, **arrays())
    for name, array in arrays().items():
        show(name, array)


def write_wide_npz(path):
    """Arrays of other types and orders; shown as the type that holds all their numbers."""
    rng = numpy.random.RandomState(2)
    whole = rng.randint(-(2**62), 2**62, 6)
    halves = numpy.arange(2**16, dtype="u2").view("f2")
    halves = halves[~numpy.isnan(halves)]
    given = {
        "columns_first": numpy.asfortranarray(rng.randn(3, 4, 5)),
        "columns_first_bytes": numpy.asfortranarray(rng.randint(0, 256, (2, 3, 4, 5)).astype("u1")),
        "no_rows": numpy.asfortranarray(rng.randn(0, 4)),
        "big": rng.randn(4, 3).astype(">f4"),
        "big_both": numpy.asfortranarray(rng.randn(4, 3).astype(">f8")),
        "halves": halves,
        "big_halves": halves[:99].astype(">f2"),
        "bools": rng.rand(7) < 0.5,
    }
    for kind in ("i1", "i2", "u2", ">i2", "u4", ">u4", ">i4", ">i8"):
        given[kind] = whole.astype(kind)
    given["u8"] = abs(whole).astype("u8")
    numpy.savez(path, **given)
    wide = {"f2": "f4", "b1": "u1", "i1": "i4", "i2": "i4", "u2": "i4", "u4": "i8", "u8": "i8"}
    for name, array in given.items():
        kind = array.dtype.str[1:]
        show(name, numpy.ascontiguousarray(array).astype(wide.get(kind, kind)))


def write_odd_npz(folder):
    """Arrays that hold no numbers of a tensor."""
    numpy.savez(folder + "/complex.npz", a=numpy.ones(2, "c8"))
    numpy.savez(folder + "/long.npz", a=numpy.ones(2, "g"))
    numpy.savez(folder + "/large.npz", a=numpy.array([1, 2**63], "u8"))
    numpy.savez(folder + "/text.npz", a=numpy.array(["x"]))
    numpy.savez(folder + "/object.npz", a=numpy.array([None]))
    numpy.savez(folder + "/dates.npz", a=numpy.array(["2024-05-01"], "M8[D]"))
    numpy.savez(folder + "/record.npz", a=numpy.zeros(1, [("x", "f4")]))
    numpy.savez_compressed(folder + "/zeros.npz", a=numpy.zeros(2**24, "u1"))


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def masked(data):
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def read_records(path):
    """Checks the framing; prints each record in hex."""
    data = open(path, "rb").read()
    while data:
        length, length_crc = struct.unpack("<QI", data[:12])
        assert length_crc == masked(data[:8])
        record = data[12 : 12 + length]
        assert struct.unpack("<I", data[12 + length : 16 + length]) == (masked(record),)
        print(record.hex())
        data = data[16 + length :]


def check_onnx(path):
    try:
        import onnx
        import onnx.numpy_helper
    except ImportError:
        print("python3-onnx is not installed")
        return
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    print(model.ir_version, [(o.domain, o.version) for o in model.opset_import])
    for tensor in model.graph.initializer:
        show(tensor.name, onnx.numpy_helper.to_array(tensor))
    for node in model.graph.node:
        print(node.op_type, *(f"{a.name}={onnx.helper.get_attribute_value(a)}" for a in node.attribute))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, depth, colour, rows, extra=b"", interlaced=0):
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows))
    parts = chunk(b"IHDR", header) + extra + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def luminance(pixels):
    """Of height x width x (red, green, blue, alpha), seen on white."""
    red, green, blue, alpha = (pixels[..., i].astype(float) for i in range(4))
    grey = 0.299 * red + 0.587 * green + 0.114 * blue
    return numpy.floor((grey * alpha + 255 * (255 - alpha)) / 255 + 0.5 + 1e-9).astype("u1")


def adam7(image):
    """The rows of the seven passes."""
    for y, x, dy, dx in ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2),
                         (0, 1, 2, 2), (1, 0, 2, 1)):  # fmt: skip
        for row in image[y::dy, x::dx]:
            if row.size:
                yield row.tobytes()


def write_pngs(folder):
    """Pictures of every kind and, beside each, the bytes of its luminance; prints their names."""
    rng = numpy.random.RandomState(2)
    height, width = 9, 13
    image = rng.randint(0, 256, (height, width, 4)).astype("u1")
    grey, opaque = image[..., :1], numpy.full((height, width, 1), 255, "u1")
    palette = rng.randint(0, 256, (16, 4)).astype("u1")
    index = rng.randint(0, 16, (height, width)).astype("u1")
    padded = numpy.pad(index, ((0, 0), (0, 1)))
    bits = rng.randint(0, 2, (height, width)).astype("u1")
    colours = chunk(b"PLTE", palette[:, :3].tobytes())
    alphas = chunk(b"tRNS", palette[:, 3].tobytes())
    text = chunk(b"tEXt", b"Title\0digit") + chunk(b"gAMA", struct.pack(">I", 100000))

    def rows(values):
        return [row.tobytes() for row in numpy.ascontiguousarray(values)]

    def four(*parts):
        return numpy.concatenate(parts, -1)

    rgb = four(image[..., :3], opaque)
    wide = image[..., :3].astype(">u2") * 257
    kinds = {
        "grey": (8, 0, rows(grey), b"", 0, four(grey, grey, grey, opaque)),
        "grey_alpha": (8, 4, rows(image[..., [0, 3]]), b"", 0, image[..., [0, 0, 0, 3]]),
        "rgb": (8, 2, rows(image[..., :3]), text, 0, rgb),
        "rgba": (8, 6, rows(image), b"", 0, image),
        "palette": (8, 3, rows(index), colours, 0, four(palette[index][..., :3], opaque)),
        "palette_alpha": (8, 3, rows(index), colours + alphas, 0, palette[index]),
        "palette4": (4, 3, rows(padded[:, ::2] << 4 | padded[:, 1::2]), colours, 0,
                     four(palette[index][..., :3], opaque)),
        "bits": (1, 0, rows(numpy.packbits(bits, axis=1)), b"", 0,
                 four(*[255 * bits[..., None]] * 3, opaque)),
        "rgb16": (16, 2, rows(wide), b"", 0, rgb),
        "interlaced": (8, 6, list(adam7(image)), b"", 1, image),
    }  # fmt: skip
    for name, (depth, colour, data, extra, interlaced, pixels) in kinds.items():
        # An empty pass has no rows, and every row of adam7() is one line of the stream.
        content = png(width, height, depth, colour, data, extra, interlaced)
        open(f"{folder}/{name}.png", "wb").write(content)
        open(f"{folder}/{name}.grey", "wb").write(luminance(pixels).tobytes())
        print(name)


def write_text_bomb(path):
    """A picture of one pixel, 77, whose texts unpack to 60 times 7 MB."""
    text = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"x" * 7_000_000))
    open(path, "wb").write(png(1, 1, 8, 0, [bytes([77])], text * 60))


def read_png(path):
    """Decodes 8-bit pictures that are not interlaced; prints width, height, channels, pixels."""
    data = open(path, "rb").read()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    packed, at = b"", 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert struct.pack(">I", zlib.crc32(kind + body)) == data[at + 8 + length : at + 12 + length]
        if kind == b"IHDR":
            width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", body)
            assert (depth, interlaced) == (8, 0)
        packed += body if kind == b"IDAT" else b""
        at += 12 + length
    assert kind == b"IEND"
    channels = {0: 1, 2: 3}[colour]
    stream, stride = zlib.decompress(packed), width * channels
    above, out = bytes(stride), b""
    for y in range(height):
        how, line = stream[y * (stride + 1)], stream[y * (stride + 1) + 1 : (y + 1) * (stride + 1)]
        row = bytearray()
        for i, byte in enumerate(line):
            a = row[i - channels] if i >= channels else 0
            b, c = above[i], above[i - channels] if i >= channels else 0
            nearest = min((abs(b - c), 0, a), (abs(a - c), 1, b), (abs(a + b - 2 * c), 2, c))[2]
            row.append(byte + (0, a, b, (a + b) // 2, nearest)[how] & 0xFF)
        above, out = row, out + bytes(row)
    print(width, height, channels, out.hex())


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
