"""Archives with fixed time stamps, so that each run writes the same bytes."""

import gzip
import io
import struct
import tarfile
import zipfile
import zlib

WHEN = (2025, 3, 14, 9, 26, 52)
WHEN_UNIX = 1741944412


def zip_of(members):
    """members: [(name, bytes)]"""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members:
            info = zipfile.ZipInfo(name, WHEN)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)
    return out.getvalue()


def gzip_of(content):
    return gzip.compress(content, mtime=WHEN_UNIX)


def tar_gz_of(members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size, info.mtime, info.mode = len(content), WHEN_UNIX, 0o644
            archive.addfile(info, io.BytesIO(content))
    return gzip_of(out.getvalue())


class ZipCrypto:
    """The traditional encryption of PKWARE's APPNOTE, section 6.1: weak, and what many tools still write."""

    def __init__(self, password):
        self.keys = [0x12345678, 0x23456789, 0x34567890]
        for byte in password:
            self.update(byte)

    @staticmethod
    def crc(value, byte):
        return zlib.crc32(bytes([byte]), value ^ 0xFFFFFFFF) ^ 0xFFFFFFFF

    def update(self, byte):
        keys = self.keys
        keys[0] = self.crc(keys[0], byte)
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = self.crc(keys[2], keys[1] >> 24)

    def encrypt(self, plain):
        out = bytearray()
        for byte in plain:
            t = (self.keys[2] & 0xFFFF) | 2
            out.append(byte ^ (((t * (t ^ 1)) >> 8) & 0xFF))
            self.update(byte)
        return bytes(out)


def encrypted_zip_of(name, content, password, salt):
    """One stored member. `salt`: eleven bytes."""
    crc = zlib.crc32(content)
    data = ZipCrypto(password).encrypt(salt + bytes([crc >> 24]) + content)
    time = (WHEN[3] << 11) | (WHEN[4] << 5) | (WHEN[5] // 2)
    date = ((WHEN[0] - 1980) << 9) | (WHEN[1] << 5) | WHEN[2]
    encoded = name.encode()
    common = struct.pack("<HHHHHIIIHH", 20, 1, 0, time, date, crc, len(data), len(content), len(encoded), 0)
    local = b"PK\x03\x04" + common + encoded + data
    central = b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, 0) + encoded
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + end
