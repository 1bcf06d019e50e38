//! Pictures to attach.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};

/// A picture of that size, with something to see in it.
pub fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let shade = |part: u32, whole: u32| u8::try_from(255 * part / whole.max(1)).unwrap_or(255);
    let image = RgbImage::from_fn(width, height, |x, y| {
        let is_round = (i64::from(x) * 2 - i64::from(width)).pow(2) + (i64::from(y) * 2 - i64::from(height)).pow(2)
            < i64::from(width.min(height)).pow(2) / 2;
        if is_round { Rgb([250, 200, 60]) } else { Rgb([40, shade(x, width), shade(y, height)]) }
    });
    let mut bytes = Vec::new();
    image.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

/// A small PNG.
pub fn png() -> Vec<u8> {
    picture(64, 48, ImageFormat::Png)
}

/// A PNG of a few hundred bytes whose head promises 60,000 pixels a side.
pub fn bomb() -> Vec<u8> {
    let mut bytes = png();
    bytes[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
    bytes[20..24].copy_from_slice(&60_000_u32.to_be_bytes());
    let mut sum = flate2::Crc::new();
    sum.update(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&sum.sum().to_be_bytes());
    bytes
}
