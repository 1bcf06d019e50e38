//! What is stored of an image, and what is refused.

use bytes::Bytes;
use image::{
    Delay, Frame, ImageEncoder as _, Rgba, RgbaImage,
    codecs::{gif::GifEncoder, webp::WebPEncoder},
};

use super::*;

const SECRET: &[u8] = b"GPS 51.5N 0.1W";

fn drawn(width: u32, height: u32) -> RgbaImage {
    RgbaImage::from_fn(width, height, |x, y| Rgba([(x * 7) as u8, (y * 11) as u8, 90, 255]))
}

fn encoded(format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    DynamicImage::from(drawn(24, 10)).to_rgb8().write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

/// EXIF that turns the picture and says where it was taken.
fn exif() -> Vec<u8> {
    let mut exif = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
    exif.extend(SECRET);
    exif
}

fn upload(bytes: impl Into<Bytes>) -> Upload {
    Upload { name: "a.png".into(), bytes: bytes.into() }
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Checks that these bytes are taken without their secrets and with the pixels of `plain`.
#[track_caller]
fn bare(format: ImageFormat, bytes: Vec<u8>, plain: &[u8], size: (u32, u32)) {
    assert!(holds(&bytes, SECRET), "{format:?} has nothing to hide");
    let checked = checked_one(upload(bytes)).unwrap();
    assert!(!holds(&checked.blob.bytes, SECRET), "{format:?} tells where");
    assert_eq!((checked.width, checked.height), size, "{format:?}");
    let turned = if size.0 < size.1 { Orientation::Rotate90 } else { Orientation::NoTransforms };
    assert_eq!(orientation(format, &checked.blob.bytes), Some(turned), "{format:?}");
    assert_eq!(decode(format, &checked.blob.bytes).unwrap(), decode(format, plain).unwrap(), "{format:?}");
}

#[test]
fn a_jpeg_loses_what_is_no_picture_and_stays_upright() {
    let plain = encoded(ImageFormat::Jpeg);
    let segment = |marker: u8, body: &[u8]| {
        let mut segment = vec![0xFF, marker];
        segment.extend(u16::try_from(body.len() + 2).unwrap().to_be_bytes());
        segment.extend(body);
        segment
    };
    let mut bytes = plain[..2].to_vec();
    bytes.extend(segment(0xE1, &[b"Exif\0\0".to_vec(), exif()].concat()));
    bytes.extend(segment(0xE1, &[b"http://ns.adobe.com/xap/1.0/\0", SECRET].concat()));
    bytes.extend(segment(0xFE, SECRET));
    bytes.extend(&plain[2..]);
    // A film behind the picture, as some telephones put it there.
    bytes.extend(SECRET);
    bare(ImageFormat::Jpeg, bytes, &plain, (10, 24));
}

#[test]
fn a_png_loses_what_is_no_picture_and_stays_upright() {
    let plain = encoded(ImageFormat::Png);
    let chunk = |kind: &[u8; 4], body: &[u8]| {
        let mut sum = flate2::Crc::new();
        sum.update(kind);
        sum.update(body);
        [&u32::try_from(body.len()).unwrap().to_be_bytes()[..], kind, body, &sum.sum().to_be_bytes()].concat()
    };
    let mut bytes = plain[..33].to_vec();
    bytes.extend(chunk(b"eXIf", &exif()));
    bytes.extend(chunk(b"tEXt", &[b"Comment\0", SECRET].concat()));
    bytes.extend(&plain[33..]);
    bytes.extend(SECRET);
    bare(ImageFormat::Png, bytes, &plain, (10, 24));
}

#[test]
fn a_gif_keeps_its_first_picture() {
    let frame = |image: RgbaImage| Frame::from_parts(image, 0, 0, Delay::from_numer_denom_ms(100, 1));
    let (mut plain, mut moving) = (Vec::new(), Vec::new());
    GifEncoder::new(&mut plain).encode_frame(frame(drawn(24, 10))).unwrap();
    let frames = [frame(drawn(24, 10)), frame(RgbaImage::new(24, 10))];
    GifEncoder::new(&mut moving).encode_frames(frames).unwrap();
    let one = checked_one(upload(moving.clone())).unwrap();
    assert!(one.blob.bytes.len() < moving.len());
    // A comment behind the head and its colours.
    let mut bytes = moving;
    let head = 13 + if bytes[10] & 0x80 == 0 { 0 } else { 3 << ((bytes[10] & 7) + 1) };
    let comment = [&[0x21, 0xFE, u8::try_from(SECRET.len()).unwrap()][..], SECRET, &[0]].concat();
    bytes.splice(head..head, comment);
    bare(ImageFormat::Gif, bytes, &plain, (24, 10));
}

#[test]
fn a_webp_loses_what_is_no_picture_and_keeps_its_first() {
    let mut plain = Vec::new();
    let image = drawn(24, 10);
    WebPEncoder::new_lossless(&mut plain).write_image(&image, 24, 10, image::ExtendedColorType::Rgba8).unwrap();
    let chunk = |kind: &[u8; 4], body: &[u8]| {
        let fill = vec![0; body.len() % 2];
        [kind, &u32::try_from(body.len()).unwrap().to_le_bytes()[..], body, &fill].concat()
    };
    let riff = |chunks: &[u8]| {
        let size = u32::try_from(chunks.len() + 4).unwrap().to_le_bytes();
        [b"RIFF", &size[..], b"WEBP", chunks].concat()
    };
    let picture = &plain[12..];
    let head = |flags: u8| chunk(b"VP8X", &[flags, 0, 0, 0, 23, 0, 0, 9, 0, 0]);
    let still = riff(&[head(0x1C), picture.to_vec(), chunk(b"EXIF", &exif()), chunk(b"XMP ", SECRET)].concat());
    bare(ImageFormat::WebP, still, &plain, (10, 24));

    let frame = |picture: &[u8]| {
        let place = [0, 0, 0, 0, 0, 0, 23, 0, 0, 9, 0, 0, 100, 0, 0, 0];
        chunk(b"ANMF", &[&place, picture].concat())
    };
    let moving = [head(0x12), chunk(b"ANIM", &[0; 6]), frame(picture), frame(picture), chunk(b"XMP ", SECRET)];
    bare(ImageFormat::WebP, riff(&moving.concat()), &plain, (24, 10));
}

#[test]
fn what_is_no_image_or_too_much_is_refused_by_name() {
    let refusal = |bytes: Vec<u8>| match checked_one(upload(bytes)) {
        Err(Error::Refused(refusal)) => {
            assert_eq!(refusal.field, Some("images"));
            assert!(refusal.arguments.contains(&("name", "a.png".to_owned())), "{refusal:?}");
            refusal.message
        }
        other => panic!("{:?}", other.map(|checked| checked.blob)),
    };
    // A head that promises more than anyone has memory for, whole and by the rules otherwise.
    let png = |width: u32, height: u32, depth: u8| {
        let mut bytes = encoded(ImageFormat::Png);
        bytes[16..20].copy_from_slice(&width.to_be_bytes());
        bytes[20..24].copy_from_slice(&height.to_be_bytes());
        (bytes[24], bytes[25]) = (depth, 6);
        let mut sum = flate2::Crc::new();
        sum.update(&bytes[12..29]);
        bytes[29..33].copy_from_slice(&sum.sum().to_be_bytes());
        bytes
    };
    assert_eq!(refusal(png(100_000, 100_000, 8)), "error-image-pixels");
    assert_eq!(refusal(png(8001, 1, 8)), "error-image-pixels");
    assert_eq!(refusal(png(8000, 8000, 16)), "error-image-pixels");
    let mut gif = encoded(ImageFormat::Gif);
    gif[6..10].copy_from_slice(&[0x60, 0xEA, 0x60, 0xEA]);
    assert_eq!(refusal(gif), "error-image-pixels");
    let mut jpeg = encoded(ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xEA, 0x60, 0xEA, 0x60]);
    assert_eq!(refusal(jpeg), "error-image-pixels");
    assert_eq!(refusal(vec![0; IMAGE_MAX_BYTES + 1]), "error-image-large");
    let cut = |format| {
        let bytes = encoded(format);
        bytes[..bytes.len() * 3 / 4].to_vec()
    };
    for bytes in [
        Vec::new(),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(),
        b"<html>GIF89a".to_vec(),
        b"GIF89a<script>".to_vec(),
        b"\x89PNG\r\n\x1a\n".to_vec(),
        b"BM\0\0\0\0".to_vec(),
        cut(ImageFormat::Png),
        cut(ImageFormat::Jpeg),
        cut(ImageFormat::Gif),
        cut(ImageFormat::WebP),
    ] {
        assert_eq!(refusal(bytes.clone()), "error-image-unreadable", "{:?}", String::from_utf8_lossy(&bytes));
    }
    // No byte of a file can make it panic or pass for something else.
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::WebP] {
        let whole = encoded(format);
        for place in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[place] ^= 0xFF;
            if let Ok(checked) = checked_one(upload(bytes)) {
                assert!(checked.width <= IMAGE_MAX_SIDE && checked.height <= IMAGE_MAX_SIDE);
            }
        }
    }
}

#[test]
fn the_type_is_by_the_bytes() {
    for (format, media_type) in [
        (ImageFormat::Png, "image/png"),
        (ImageFormat::Jpeg, "image/jpeg"),
        (ImageFormat::Gif, "image/gif"),
        (ImageFormat::WebP, "image/webp"),
    ] {
        let checked = checked_one(Upload { name: "page.html".into(), bytes: encoded(format).into() }).unwrap();
        assert_eq!(checked.blob.media_type, media_type);
        assert_eq!((checked.width, checked.height), (24, 10));
    }
}

#[tokio::test]
async fn there_is_a_bound_on_how_many_and_how_much() {
    let one = || upload(encoded(ImageFormat::Png));
    let message = |result: Result<Vec<Checked>>| match result {
        Err(Error::Refused(refusal)) => refusal.message,
        other => panic!("{:?}", other.map(|checked| checked.len())),
    };
    assert_eq!(check(vec![one(); IMAGES_MAX], u64::MAX).await.unwrap().len(), IMAGES_MAX);
    assert_eq!(message(check(vec![one(); IMAGES_MAX + 1], u64::MAX).await), "error-images-many");
    let size = one().bytes.len() as u64;
    assert!(check(vec![one(), one()], size * 2).await.is_ok());
    assert_eq!(message(check(vec![one(), one()], size * 2 - 1).await), "error-images-together");
}

#[test]
fn names_are_for_people() {
    for (name, shown) in [
        ("a.png", "a.png"),
        ("C:\\fakepath\\b.png", "b.png"),
        ("../../etc/passwd", "passwd"),
        ("a\u{202E}gnp.exe\r\n", "agnp.exe"),
        ("  ", "image"),
        ("", "image"),
        ("x/", "image"),
    ] {
        assert_eq!(shown_name(name, "image"), shown, "{name:?}");
    }
    assert_eq!(shown_name(&"é".repeat(500), "image").chars().count(), NAME);
    let long = shown_name(&format!("{}.tar.gz", "é".repeat(1000)), "file");
    assert!(long.chars().count() == NAME && long.ends_with("é….gz"), "{long}");
    assert_eq!(shown_name(&format!("a.{}", "b".repeat(500)), "file").chars().count(), NAME);
}
