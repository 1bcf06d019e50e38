//! Tokens of an image, from its pixels.
//!
//! **The bound** is that of the hungriest model of each way of counting:
//! - Squares of 512 pixels after the image was made to fit 2,048 × 2,048 and its shorter side 768: OpenAI, where
//!   gpt-4o-mini takes most, 2,833 and 5,667 for each square. <https://platform.openai.com/docs/guides/images-vision>
//! - Patches of 32 pixels, times up to 2.46 and at most 10,000 of them in the newest models: OpenAI, same page.
//! - Patches of 28 pixels: Anthropic up to 4,784, <https://docs.anthropic.com/en/docs/build-with-claude/vision>; Qwen's
//!   models, on vLLM and Ollama, up to 16,384, <https://huggingface.co/Qwen/Qwen2-VL-7B-Instruct>.
//!
//! Models with one fixed count (Gemma 256, Llama 3.2 1,601) are below the least that this gives.
//!
//! **The likely count** is Anthropic's long-standing rule, one token for 750 pixels and at most 1,600 since larger images
//! are made smaller; gpt-4o with 85 and 170 a square comes to about the same.

use crate::types::Block;

/// An image by its size.
#[derive(Clone, Copy, Debug)]
pub(super) struct Image {
    width: usize,
    height: usize,
}

impl Image {
    /// The image that a block is; one whose bytes are missing is counted as if they were there.
    pub(super) fn of(block: &Block) -> Option<Self> {
        let Block::Image { width, height, .. } = block else { return None };
        Some(Self { width: (*width).max(1) as usize, height: (*height).max(1) as usize })
    }

    /// No model takes more tokens for it.
    pub(super) fn bound(self) -> usize {
        let patches = self.width.div_ceil(28).saturating_mul(self.height.div_ceil(28));
        // 10,000 × 2.46, above 16,384.
        let patched = patches.saturating_mul(5).div_ceil(2).min(24_600);
        patched.max(2_833 + 5_667 * self.squares())
    }

    /// As many as it probably takes.
    pub(super) fn likely(self) -> usize {
        self.width.saturating_mul(self.height).div_ceil(750).min(1_600)
    }

    /// How many squares of 512 pixels the image takes after it was made smaller.
    fn squares(self) -> usize {
        let (mut long, mut short) = (self.width.max(self.height), self.width.min(self.height));
        if long > 2048 {
            (long, short) = (2048, (short * 2048).div_ceil(long));
        }
        if short > 768 {
            (long, short) = ((long * 768).div_ceil(short), 768);
        }
        long.div_ceil(512) * short.div_ceil(512)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_is_above_what_each_maker_counts() {
        // Width, height, squares by OpenAI's own examples and by hand.
        for (width, height, squares) in
            [(1, 1, 1), (512, 512, 1), (513, 512, 2), (1024, 1024, 4), (2048, 4096, 6), (4096, 8192, 6), (8000, 10, 4)]
        {
            let image = Image { width, height };
            assert_eq!(image.squares(), squares, "{width}x{height}");
            let (bound, likely) = (image.bound(), image.likely());
            assert!(bound >= 2_833 + 5_667 * squares, "{width}x{height}: {bound}");
            assert!(bound >= 85 + 170 * squares && bound >= likely && likely >= 1, "{width}x{height}: {likely}");
            let patches = |size: usize| width.div_ceil(size) * height.div_ceil(size);
            assert!(bound >= patches(28).min(16_384), "{width}x{height}: {bound}");
            assert!(bound * 100 >= patches(32).min(10_000) * 246, "{width}x{height}: {bound}");
        }
        assert_eq!(Image { width: 1000, height: 750 }.likely(), 1000);
        assert_eq!(Image { width: 8000, height: 8000 }.likely(), 1600);
        let huge = Image { width: u32::MAX as usize, height: u32::MAX as usize };
        assert!(huge.bound() < 60_000);
    }
}
