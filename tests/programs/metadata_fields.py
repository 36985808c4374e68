"""Metadata as exiftool lists them: a picture is filled with them, and what of them is lost is named. The tests and
benches/metadata ask the same questions here."""
import json
import re
import subprocess

# What a restored picture need not have of its source: (fields as GROUP:NAME, why).
MAY_BE_LOST = [
    (r"SourceFile|ExifTool:.*|System:.*", "the file itself: name, size, dates, exiftool's version and warnings"),
    (r"File:(?!Comment$).*", "how the file is coded: type, byte order, sampling of a JPEG"),
    (r"Composite:.*", "calculated by exiftool from other fields"),
    (r"JFIF:.*|Adobe:.*|RIFF:.*", "how JPEG and WebP are coded"),
    (r"PNG:(Image(Width|Height)|BitDepth|ColorType|Compression|Filter|Interlace|Palette|Transparency|BackgroundColor"
     r"|SignificantBits)", "how PNG is coded"),
    (r"PNG-pHYs:.*", "other formats say the resolution elsewhere"),
    (r"IFD0:(SubfileType|OldSubfileType|Image(Width|Height)|BitsPerSample|Compression|PhotometricInterpretation|FillOrder"
     r"|Strip.*|SamplesPerPixel|RowsPerStrip|M(in|ax)SampleValue|PlanarConfiguration|Tile.*|Predictor|ExtraSamples"
     r"|SampleFormat|JPEGTables|ColorMap|TransferFunction|YCbCr.*|ReferenceBlackWhite)", "how TIFF is coded"),
    (r"(IFD[1-9]|SubIFD\d*):.*|JFXX:.*|Photoshop:PhotoshopThumbnail|MP(F|Image)\d*:.*", "other pictures, which show the damage"),
]

# What it must have, with a value of its own.
MAY_CHANGE = [
    (r"(IFD0|XMP-tiff):Orientation", "the picture is upright"),
    (r"ExifIFD:ExifImage(Width|Height)|InteropIFD:RelatedImage(Width|Height)|XMP-exif:ExifImage(Width|Height)"
     r"|XMP-tiff:Image(Width|Height)", "the size of the upright picture"),
    (r"(IFD0|Photoshop):[XY]Resolution|IFD0:ResolutionUnit|PNG-pHYs:.*", "its resolution, as formats round it"),
    (r".*:PreviewImageStart", "where in the file a maker note's picture lies"),
    (r"XMP-iptcExt:DigitalSourceType|XMP-xmpMM:(DerivedFrom|History).*", "how the result was made"),
]

EXIF = ["-EXIF:Make=Leica", "-EXIF:Model=M3", "-EXIF:Artist=Ann Müller", "-EXIF:Copyright=(c) 1956 Ann",
        "-EXIF:ImageDescription=The old mill", "-EXIF:Software=Scanner 2", "-EXIF:ModifyDate=2001:02:03 04:05:06",
        "-EXIF:UserComment=Größe 9 × 12, vorn", "-ExposureTime=1/60", "-FNumber=2.8", "-ISO=100",
        "-DateTimeOriginal=1956:07:08 09:10:11", "-OffsetTimeOriginal=+01:00", "-LensModel=Elmar", "-FocalLength=50",
        "-ExifIFD:ExifImageWidth=120", "-ExifIFD:ExifImageHeight=90", "-InteropIndex=R98", "-GPSLatitude=48.137",
        "-GPSLatitudeRef=N", "-GPSLongitude=11.575", "-GPSLongitudeRef=E", "-GPSAltitude=519", "-GPSAltitudeRef=0",
        "-GPSTimeStamp=10:11:12", "-GPSDateStamp=1956:07:08", "-GPSMapDatum=WGS-84", "-EXIF:XPTitle=Mühle"]
XMP = ["-XMP-dc:Title=The mill", "-XMP-dc:Description-de=Die Mühle", "-XMP-dc:Creator=Ann", "-XMP-dc:Subject=mill",
       "-XMP-dc:Subject=river", "-XMP-xmp:Rating=4", "-XMP-xmp:Label=Red", "-XMP-photoshop:City=Munich",
       "-XMP-photoshop:Credit=Archive", "-XMP-tiff:Orientation#=6", "-XMP-exif:ExifImageWidth=120",
       "-XMP-mwg-rs:RegionInfo={AppliedToDimensions={W=120,H=90,Unit=pixel},RegionList=[{Area={X=0.5,Y=0.5,W=0.1,"
       "H=0.1,Unit=normalized},Name=Ann,Type=Face}]}"]
IPTC = ["-IPTC:CodedCharacterSet=UTF8", "-IPTC:Caption-Abstract=The mill, 1956", "-IPTC:Keywords=mill", "-IPTC:Keywords=river",
        "-IPTC:By-line=Ann Müller", "-IPTC:City=München", "-IPTC:DateCreated=1956:07:08"]
PHOTOSHOP = ["-Photoshop:CopyrightFlag=True", "-Photoshop:URL=https://example.org", "-Photoshop:IPTCDigest=new"]
PNG_TEXT = ["-PNG:Title=The mill", "-PNG:Author=Ann Müller", "-PNG:Description=old", "-PNG:Source=Album 3",
            "-PNG:CreationTime=1956:07:08 09:10:11", "-PNG:ModifyDate=2001:02:03 04:05:06"]


def fill(picture, orientation=1):
    """Gives a picture every kind of metadata that exiftool writes into its format."""
    kind = picture.suffix
    arguments = [*EXIF, *XMP, f"-IFD0:Orientation#={orientation}"]
    if kind != ".webp":
        arguments += IPTC
    if kind in (".jpg", ".tif"):
        arguments += PHOTOSHOP
    if kind in (".jpg", ".png"):
        arguments.append("-Comment=found in the attic")
    if kind == ".png":
        arguments += PNG_TEXT
    subprocess.run(["exiftool", "-q", "-q", "-m", "-overwrite_original", *arguments, str(picture)], check=True)
    return picture


def fields(picture):
    """GROUP:NAME -> value, or the list of values where a group has a field more than once."""
    command = ["exiftool", "-json", "-G1:4", "-a", "-s", str(picture)]
    listed = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)[0]
    values = {}
    for name, value in listed.items():
        # exiftool counts the copies of a name over all groups.
        values.setdefault(re.sub(r":Copy\d+:", ":", name), []).append(value)
    return {name: copies[0] if len(copies) == 1 else copies for name, copies in values.items()}


def carried(before):
    """The names of the fields that a restored picture must have."""
    return [name for name in before if not matches(name, MAY_BE_LOST)]


def lost(before, after):
    """Names of fields of `before` that are not in `after`, or with another value."""
    return [name for name in carried(before)
            if name not in after or (before[name] != after[name] and not matches(name, MAY_CHANGE))]


def matches(name, patterns):
    return any(re.fullmatch(pattern, name) for pattern, _ in patterns)
