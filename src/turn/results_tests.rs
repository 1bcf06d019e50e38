//! What is stored of a result: what is shown, what is only saved, and under what names.

use std::io::Cursor;

use bytes::Bytes;
use image::{DynamicImage, ImageFormat, RgbImage};

use super::*;

fn png() -> Bytes {
    let mut bytes = Vec::new();
    DynamicImage::from(RgbImage::new(4, 3)).write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
    bytes.into()
}

fn file(name: &str, media_type: &str, bytes: Bytes) -> ResultFile {
    ResultFile { name: name.into(), media_type: media_type.into(), bytes }
}

async fn looked(files: Vec<ResultFile>) -> Looked {
    Looked::at(ToolResult { files, .."said".into() }, 1 << 20).await
}

/// The block that a file becomes, and as what it is stored.
async fn block(name: &str, media_type: &str, bytes: Bytes) -> (Block, String) {
    let looked = looked(vec![file(name, media_type, bytes)]).await;
    let [piece] = &looked.pieces[..] else { panic!("{} pieces", looked.pieces.len()) };
    (piece.block(7), piece.blob().media_type.clone())
}

#[tokio::test]
async fn an_image_is_shown_as_what_its_bytes_say() {
    for said in ["image/png", "IMAGE/JPEG; q=1", "image/svg+xml"] {
        let (name, media_type) = ("sky.png".to_owned(), "image/png".to_owned());
        let (block, stored) = block("sky.png", said, png()).await;
        assert_eq!(block, Block::Image { number: 7, media_type, name, width: 4, height: 3 }, "{said}");
        assert_eq!(stored, "image/png");
    }
}

#[tokio::test]
async fn what_is_no_image_is_only_saved() {
    let drawing = Bytes::from_static(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>");
    let broken = png().slice(..40);
    for (said, bytes, claimed) in [
        ("image/svg+xml", drawing.clone(), "image/svg+xml"),
        ("text/html", Bytes::from_static(b"<script>alert(1)</script>"), "text/html"),
        ("image/png", broken, "image/png"),
        ("image/png", drawing, "image/png"),
        ("image/png", Bytes::new(), "image/png"),
        ("audio/wav", Bytes::from_static(b"RIFF"), "audio/wav"),
        // Not called an image: nobody asked to see it.
        ("application/pdf", png(), "application/pdf"),
        ("", png(), OPAQUE),
    ] {
        let size = bytes.len() as u64;
        let (block, stored) = block("a.bin", said, bytes).await;
        assert_eq!(stored, OPAQUE, "{said}");
        let (name, media_type) = ("a.bin".to_owned(), claimed.to_owned());
        assert_eq!(block, Block::File { number: 7, media_type, name, bytes: size }, "{said}");
    }
}

/// A PNG of exactly so many bytes: readers pass over what follows its end.
fn png_of(size: usize) -> Bytes {
    let mut bytes = png().to_vec();
    bytes.resize(size, 0);
    bytes.into()
}

#[tokio::test]
async fn an_image_too_large_is_a_file() {
    assert!(matches!(block("a.png", "image/png", png_of(IMAGE_BYTES)).await.0, Block::Image { .. }));
    let (block, stored) = block("a.png", "image/png", png_of(IMAGE_BYTES + 1)).await;
    assert!(matches!(block, Block::File { bytes, .. } if bytes == IMAGE_BYTES as u64 + 1), "{block:?}");
    assert_eq!(stored, OPAQUE);
}

#[tokio::test]
async fn so_many_images_are_shown_and_so_many_files_kept() {
    let looked = looked((0..FILES + 3).map(|n| file(&format!("{n}.png"), "image/png", png())).collect()).await;
    let images = looked.pieces.iter().filter(|piece| matches!(piece, Piece::Image(_))).count();
    assert_eq!((images, looked.pieces.len(), looked.beyond), (IMAGES, FILES, 3));
}

#[tokio::test]
async fn files_of_a_result_have_a_size_together() {
    let half = Bytes::from(vec![0; BYTES / 2]);
    let file = |bytes: &Bytes| file("a", "", bytes.clone());
    let looked = looked(vec![file(&half), file(&half), file(&half), file(&Bytes::new())]).await;
    assert_eq!((looked.pieces.len(), looked.beyond), (3, 1), "what is empty still fits");
}

#[tokio::test]
async fn hostile_names_and_types_are_one_plain_line() {
    let long = format!("{}.txt", "x".repeat(1000));
    for (name, shown) in [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\evil.exe", "evil.exe"),
        ("a\r\nContent-Type: text/html\r\n\r\nb", "html b"),
        ("\u{202e}gpj.exe\u{2066}", "gpj.exe"),
        ("\u{1b}[31mred\u{1b}[0m.txt", "red.txt"),
        ("a\u{200b}\u{200d}\u{e0041}.txt", "a.txt"),
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        ("\u{0}", "file"),
        ("", "file"),
    ] {
        let (Block::File { name, .. }, _) = block(name, "", Bytes::new()).await else { panic!("{name:?}") };
        assert_eq!(name, shown);
    }
    let (Block::File { name, .. }, _) = block(&long, "", Bytes::new()).await else { panic!() };
    assert!(name.chars().count() <= 100 && name.ends_with("x….txt"), "{name}");
    for (said, kept) in [
        ("Text/Plain; charset=utf-8", "text/plain"),
        ("text/html\r\nX-Evil: 1", OPAQUE),
        ("text/\u{202e}lmth", OPAQUE),
        ("<b>/<i>", OPAQUE),
        ("text", OPAQUE),
        ("text/", OPAQUE),
        ("a/b/c", OPAQUE),
    ] {
        assert_eq!(media_type(said), kept, "{said:?}");
    }
    assert_eq!(media_type(&format!("text/{}", "x".repeat(1000))), OPAQUE);
}
