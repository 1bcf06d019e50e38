//! Images that people attach and tools give: what may be stored of them, and which models see them.
//!
//! Nothing about an upload is believed. What it is says its content; what a camera wrote beside the picture (place,
//! time, serial numbers) is taken out before anything else, because it is nobody's business at a model's provider;
//! and what is left is decoded whole, within bounds, before it is stored.

mod bare;

use std::io::Cursor;

use bytes::Bytes;
use image::{DynamicImage, ImageDecoder as _, ImageError, ImageFormat, ImageReader, Limits, metadata::Orientation};
use tokio::{sync::Semaphore, task::spawn_blocking};

use super::start::Upload;
use crate::{
    error::{Code, Error, Refusal, Result},
    models::blob::NewBlob,
    state::AppState,
    tools::mcp::words,
    types::{AllowedModels, Block, ModelChoice, size_in_words},
};

/// The most images of one message.
pub const IMAGES_MAX: usize = 10;

/// The most bytes of one image. Anthropic takes 5 MiB and counts them as base64, which is four bytes for three; one
/// image too large would be refused again with each later message of its conversation. OpenAI (20 MB) and Ollama take
/// more.
pub const IMAGE_MAX_BYTES: usize = (5 << 20) / 4 * 3;

/// The most pixels a side, Anthropic's limit.
pub const IMAGE_MAX_SIDE: u32 = 8000;

/// The most memory that decoding may take: 8000 pixels a side at four bytes, and some.
const DECODING_BYTES: u64 = 288 << 20;

/// One image is decoded at a time, whoever attached it: so much memory is needed once, not once a person.
static DECODING: Semaphore = Semaphore::const_new(1);

/// The longest name, in characters.
const NAME: usize = 100;

/// The longest ending that a name keeps.
const ENDING: usize = 10;

/// An image that may be stored.
pub(super) struct Checked {
    pub blob: NewBlob,
    width: u32,
    height: u32,
}

impl Checked {
    /// The block that shows it, under the number by which it is stored.
    pub fn block(&self, number: i64) -> Block {
        Block::Image {
            number,
            media_type: self.blob.media_type.clone(),
            name: self.blob.name.clone(),
            width: self.width,
            height: self.height,
        }
    }
}

/// Looks whether these can be stored, all of them.
///
/// # Errors
/// `invalid_payload` about `images`, or `payload_too_large`, naming the file that cannot.
pub(super) async fn check(uploads: Vec<Upload>, limit: u64) -> Result<Vec<Checked>> {
    if uploads.len() > IMAGES_MAX {
        return Err(about("error-images-many").with("limit", IMAGES_MAX).into());
    }
    if uploads.iter().map(|upload| upload.bytes.len() as u64).sum::<u64>() > limit {
        return Err(too_large_together(limit).into());
    }
    let mut checked = Vec::with_capacity(uploads.len());
    for upload in uploads {
        let _turn = DECODING.acquire().await.map_err(Error::internal)?;
        // Decoding is work for the processor: no other task shall wait for it.
        checked.push(spawn_blocking(move || checked_one(upload)).await.map_err(Error::internal)??);
    }
    Ok(checked)
}

/// The image that a tool gave under this name, if it is one that browsers show.
pub(super) async fn of_tool(name: String, bytes: Bytes) -> Option<Checked> {
    let _turn = DECODING.acquire().await.ok()?;
    spawn_blocking(move || picture(name, &bytes)).await.ok()?.ok()
}

/// The refusal of files that are more together than `limit` bytes.
pub fn too_large_together(limit: u64) -> Refusal {
    let limit = size_in_words(limit);
    Refusal::new(Code::PayloadTooLarge).saying("error-images-together").with("limit", limit).about("images")
}

fn about(key: &'static str) -> Refusal {
    Refusal::new(Code::InvalidPayload).saying(key).about("images")
}

fn checked_one(upload: Upload) -> Result<Checked> {
    let name = shown_name(&upload.name, "image");
    if upload.bytes.len() > IMAGE_MAX_BYTES {
        let limit = size_in_words(IMAGE_MAX_BYTES as u64);
        let refusal = Refusal::new(Code::PayloadTooLarge).saying("error-image-large").about("images");
        return Err(refusal.with("name", &name).with("limit", limit).into());
    }
    picture(name, &upload.bytes)
}

/// An image of any size under this name, bare of what is no part of the picture, and decoded.
fn picture(name: String, file: &[u8]) -> Result<Checked> {
    let no_image = || Error::from(about("error-image-unreadable").with("name", &name));
    let format = image::guess_format(file).map_err(|_| no_image())?;
    // The orientation is part of the picture; the rest of what stands with it is not.
    let orientation = orientation(format, file).unwrap_or(Orientation::NoTransforms);
    let (media_type, bare) = match format {
        ImageFormat::Png => ("image/png", bare::png(file, orientation.to_exif())),
        ImageFormat::Jpeg => ("image/jpeg", bare::jpeg(file, orientation.to_exif())),
        ImageFormat::Gif => ("image/gif", bare::gif(file)),
        ImageFormat::WebP => ("image/webp", bare::webp(file, orientation.to_exif())),
        _ => return Err(no_image()),
    };
    let bytes = bare.ok_or_else(no_image)?;
    let decoded = decode(format, &bytes).map_err(|fault| match fault {
        ImageError::Limits(_) => about("error-image-pixels").with("name", &name).with("limit", IMAGE_MAX_SIDE).into(),
        _ => no_image(),
    })?;
    let (width, height) = match orientation {
        Orientation::Rotate90 | Orientation::Rotate270 | Orientation::Rotate90FlipH | Orientation::Rotate270FlipH => {
            (decoded.height(), decoded.width())
        }
        _ => (decoded.width(), decoded.height()),
    };
    Ok(Checked { blob: NewBlob { media_type: media_type.to_owned(), name, bytes: bytes.into() }, width, height })
}

fn reader(format: ImageFormat, bytes: &[u8]) -> ImageReader<Cursor<&[u8]>> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(IMAGE_MAX_SIDE);
    limits.max_image_height = Some(IMAGE_MAX_SIDE);
    limits.max_alloc = Some(DECODING_BYTES);
    reader.limits(limits);
    reader
}

fn orientation(format: ImageFormat, bytes: &[u8]) -> Option<Orientation> {
    reader(format, bytes).into_decoder().ok()?.orientation().ok()
}

fn decode(format: ImageFormat, bytes: &[u8]) -> Result<DynamicImage, ImageError> {
    reader(format, bytes).decode()
}

/// The name without its folders and without what cannot be seen or would turn the text around it; a long one keeps its
/// ending. `otherwise` where nothing is left of it.
pub(super) fn shown_name(name: &str, otherwise: &str) -> String {
    let line = words::line(name);
    let last = line.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    let shown: String = last.chars().filter(|character| !matches!(character, '\u{200C}' | '\u{200D}')).collect();
    let count = shown.chars().count();
    if count <= NAME {
        return if shown.is_empty() { otherwise.to_owned() } else { shown };
    }
    let is_ending =
        |ending: &&str| (1..=ENDING).contains(&ending.len()) && ending.bytes().all(|b| b.is_ascii_alphanumeric());
    match shown.rsplit_once('.').map(|(_, ending)| ending).filter(is_ending) {
        Some(ending) => format!("{}….{ending}", shown.chars().take(NAME - ending.len() - 2).collect::<String>()),
        None => shown.chars().take(NAME).collect(),
    }
}

/// The model that a choice leads to first: its provider and its name. `None` where it leads to nobody
/// who is configured and may be asked.
pub fn chosen_model(state: &AppState, allowed: &AllowedModels, choice: &ModelChoice) -> Option<(&'static str, String)> {
    let first = state.providers.candidates(choice, allowed).into_iter().next()?;
    Some((first.provider.name(), first.model().to_owned()))
}

/// Whether a model sees images, as far as anyone knows: the tables of prices say so, else its provider's list.
pub fn sees_images(state: &AppState, provider: &str, model: &str) -> Option<bool> {
    state.prices.of(model).sees_images.or_else(|| state.providers.info(provider, model).sees_images)
}

/// Refuses images for a model that is known not to see them.
///
/// # Errors
/// `invalid_payload` about `images`, naming the model.
pub(super) fn must_be_seen(state: &AppState, allowed: &AllowedModels, choice: &ModelChoice) -> Result<()> {
    match chosen_model(state, allowed, choice) {
        Some((provider, model)) if sees_images(state, provider, &model) == Some(false) => {
            Err(about("error-images-unseen").with("model", model).into())
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
#[path = "images_tests.rs"]
mod tests;
