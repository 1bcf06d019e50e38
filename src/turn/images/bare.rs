//! Files without what stands beside the picture: the same pixels, no place, no time, no camera, no hidden second
//! file. Each format is read part by part; only parts that the picture needs are copied, nothing is encoded anew. What
//! does not follow its format is `None`. Of an animation the first picture is kept: that is what models look at, and
//! some of their providers take no other.

/// Reads bytes from the front; `None` when they do not suffice.
struct Parts<'a>(&'a [u8]);

impl<'a> Parts<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (front, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(front)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn byte(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }
}

/// A directory of EXIF that says the orientation (1 to 8) and nothing else.
fn exif(orientation: u8) -> [u8; 26] {
    let mut tiff = *b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
    if let Some(place) = tiff.get_mut(19) {
        *place = orientation;
    }
    tiff
}

/// JPEG: the segments before and between the scans, up to the end of the first image.
pub(super) fn jpeg(file: &[u8], orientation: u8) -> Option<Vec<u8>> {
    let mut parts = Parts(file);
    let mut kept = Vec::with_capacity(file.len());
    kept.extend(parts.take(2).filter(|start| start == b"\xFF\xD8")?);
    let mut is_oriented = orientation == 1;
    loop {
        if parts.byte()? != 0xFF {
            return None;
        }
        let mut marker = parts.byte()?;
        // Any number of fill bytes may stand before a marker.
        while marker == 0xFF {
            marker = parts.byte()?;
        }
        if marker == 0xD9 {
            kept.extend(b"\xFF\xD9");
            return Some(kept);
        }
        let length = parts.array().map(u16::from_be_bytes)?;
        let body = parts.take(usize::from(length).checked_sub(2)?)?;
        let is_kept = match marker {
            // JFIF, and by what rule Adobe's colours are read.
            0xE0 | 0xEE => true,
            0xE2 => body.starts_with(b"ICC_PROFILE\0"),
            // Other applications' data (EXIF, XMP, IPTC, previews) and comments.
            0xE1..=0xEF | 0xFE => false,
            _ => true,
        };
        if marker != 0xE0 && !is_oriented {
            is_oriented = true;
            kept.extend(b"\xFF\xE1\0\x22Exif\0\0");
            kept.extend(exif(orientation));
        }
        if is_kept {
            kept.extend([0xFF, marker]);
            kept.extend(length.to_be_bytes());
            kept.extend(body);
        }
        // After the head of a scan its data, up to a marker that is no restart and no stuffing.
        if marker == 0xDA {
            let is_end = |pair: &[u8]| matches!(pair, [0xFF, second] if !matches!(second, 0 | 0xD0..=0xD7 | 0xFF));
            let length = parts.0.windows(2).position(is_end)?;
            kept.extend(parts.take(length)?);
        }
    }
}

/// PNG: the chunks of the picture and of its colours.
pub(super) fn png(file: &[u8], orientation: u8) -> Option<Vec<u8>> {
    const KEPT: [&[u8; 4]; 15] = [
        b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs",
        b"cICP", b"mDCV", b"cLLI",
    ];
    let mut parts = Parts(file);
    let mut kept = Vec::with_capacity(file.len());
    kept.extend(parts.take(8)?);
    loop {
        let length = parts.array()?;
        let kind: [u8; 4] = parts.array()?;
        let body = parts.take(usize::try_from(u32::from_be_bytes(length)).ok()?)?;
        let sum = parts.take(4)?;
        if KEPT.contains(&&kind) {
            kept.extend(length);
            kept.extend(kind);
            kept.extend(body);
            kept.extend(sum);
        }
        if kind == *b"IHDR" && orientation != 1 {
            let exif = exif(orientation);
            let mut sum = flate2::Crc::new();
            sum.update(b"eXIf");
            sum.update(&exif);
            kept.extend(b"\0\0\0\x1aeXIf");
            kept.extend(exif);
            kept.extend(sum.sum().to_be_bytes());
        }
        if kind == *b"IEND" {
            return Some(kept);
        }
    }
}

/// GIF: the screen, its colours and the first picture.
pub(super) fn gif(file: &[u8]) -> Option<Vec<u8>> {
    let mut parts = Parts(file);
    let mut kept = Vec::with_capacity(file.len());
    let colours = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let head: [u8; 13] = parts.array()?;
    kept.extend(head);
    kept.extend(parts.take(colours(head[10]))?);
    loop {
        match parts.byte()? {
            // An extension; of those only the one that says which colour is transparent.
            0x21 => {
                let label = parts.byte()?;
                let blocks = sub_blocks(&mut parts)?;
                if label == 0xF9 {
                    kept.extend([0x21, label]);
                    kept.extend(blocks);
                }
            }
            0x2C => {
                let place: [u8; 9] = parts.array()?;
                kept.push(0x2C);
                kept.extend(place);
                kept.extend(parts.take(colours(place[8]))?);
                kept.push(parts.byte()?);
                kept.extend(sub_blocks(&mut parts)?);
                kept.push(0x3B);
                return Some(kept);
            }
            _ => return None,
        }
    }
}

/// Blocks with their lengths before them, up to and with the empty one.
fn sub_blocks<'a>(parts: &mut Parts<'a>) -> Option<&'a [u8]> {
    let all = parts.0;
    let mut count = 0;
    loop {
        let length = usize::from(parts.byte()?);
        parts.take(length)?;
        count += 1 + length;
        if length == 0 {
            return all.get(..count);
        }
    }
}

/// WebP: the chunks of the picture and its colours; of an animation, those of the first picture.
pub(super) fn webp(file: &[u8], orientation: u8) -> Option<Vec<u8>> {
    const ICC: u8 = 0x20;
    const ALPHA: u8 = 0x10;
    const EXIF: u8 = 0x08;
    let mut parts = Parts(file);
    parts.take(4).filter(|start| start == b"RIFF")?;
    let length = parts.array().map(u32::from_le_bytes)?;
    let mut parts = Parts(parts.take(usize::try_from(length).ok()?)?);
    parts.take(4).filter(|kind| kind == b"WEBP")?;
    let (mut extended, mut picture, mut colours) = (None, Vec::new(), Vec::new());
    while !parts.0.is_empty() && picture.is_empty() {
        let (kind, body) = webp_chunk(&mut parts)?;
        match &kind {
            b"VP8X" => extended = Some(<[u8; 10]>::try_from(body).ok()?),
            b"ICCP" => chunk(&mut colours, &kind, body),
            // Transparency stands before the picture it belongs to.
            b"ALPH" => {
                chunk(&mut picture, &kind, body);
                let (kind, body) = webp_chunk(&mut parts)?;
                chunk(&mut picture, &kind, body);
            }
            b"VP8 " | b"VP8L" => chunk(&mut picture, &kind, body),
            b"ANMF" => {
                let mut frame = Parts(body);
                let head: [u8; 16] = frame.array()?;
                // Its own size is that of the picture now.
                extended.as_mut()?.get_mut(4..)?.copy_from_slice(head.get(6..12)?);
                while !frame.0.is_empty() {
                    let (kind, body) = webp_chunk(&mut frame)?;
                    if matches!(&kind, b"ALPH" | b"VP8 " | b"VP8L") {
                        chunk(&mut picture, &kind, body);
                    }
                }
            }
            _ => {}
        }
    }
    let mut chunks = b"WEBP".to_vec();
    match extended {
        Some(mut extended) => {
            let [flags, ..] = &mut extended;
            *flags &= ICC | ALPHA;
            if orientation != 1 {
                *flags |= EXIF;
            }
            chunk(&mut chunks, b"VP8X", &extended);
            chunks.extend(colours);
            chunks.extend(picture);
            if orientation != 1 {
                chunk(&mut chunks, b"EXIF", &exif(orientation));
            }
        }
        // The simple form has no place for anything else.
        None => chunks.extend(picture),
    }
    let mut kept = b"RIFF".to_vec();
    kept.extend(u32::try_from(chunks.len()).ok()?.to_le_bytes());
    kept.extend(chunks);
    Some(kept)
}

fn webp_chunk<'a>(parts: &mut Parts<'a>) -> Option<([u8; 4], &'a [u8])> {
    let kind = parts.array()?;
    let length = usize::try_from(parts.array().map(u32::from_le_bytes)?).ok()?;
    let body = parts.take(length)?;
    // Chunks begin at even places; the last one's filling may be missing.
    if length % 2 == 1 && !parts.0.is_empty() {
        parts.take(1)?;
    }
    Some((kind, body))
}

fn chunk(to: &mut Vec<u8>, kind: &[u8; 4], body: &[u8]) {
    to.extend(kind);
    to.extend(u32::try_from(body.len()).unwrap_or(u32::MAX).to_le_bytes());
    to.extend(body);
    to.extend(std::iter::repeat_n(0, body.len() % 2));
}
