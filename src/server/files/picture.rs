//! Pictures are decoded and written anew: what is stored is ours, without EXIF, without
//! anything behind the picture, upright. Of an animation the first frame is kept.

use crate::domain::attachment::{Kind, Picture};
use bytes::Bytes;
use image::{
    DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits,
    codecs::{
        jpeg::JpegEncoder,
        png::{CompressionType, FilterType, PngEncoder},
    },
};
use std::io::Cursor;

/// The longest side, in pixels.
const SIDE_MAX: u32 = 16_384;
/// The most pixels.
const PIXELS_MAX: u64 = 40_000_000;
/// What a decoder may allocate, in bytes: so many pixels with eight bits in four channels,
/// and its own tables.
const ALLOC_MAX: u64 = PIXELS_MAX * 4 + 32 * 1024 * 1024;
const JPEG_QUALITY: u8 = 88;

/// A picture as it is stored.
#[derive(Debug)]
pub struct Written {
    pub bytes: Bytes,
    pub kind: Kind,
    pub size: Picture,
}

/// Writes a picture anew, fit into a square of `side` where one is given. `None` when it is
/// broken, or too large to be decoded.
#[must_use]
pub fn rewrite(bytes: &[u8], kind: Kind, side: Option<u32>) -> Option<Written> {
    let mut picture = decode(bytes, kind)?;
    if let Some(side) = side.filter(|side| picture.width() > *side || picture.height() > *side) {
        picture = picture.thumbnail(side, side);
    }
    let clear = picture.color().has_alpha();
    // GIF and PNG have few colours or sharp edges; a photograph is best as JPEG.
    let kind = if matches!(kind, Kind::Png | Kind::Gif) || clear { Kind::Png } else { Kind::Jpeg };
    let mut out = Vec::new();
    if kind == Kind::Png {
        let encoder = PngEncoder::new_with_quality(&mut out, CompressionType::Fast, FilterType::Adaptive);
        let picture = if clear { DynamicImage::from(picture.into_rgba8()) } else { DynamicImage::from(picture.into_rgb8()) };
        picture.write_with_encoder(encoder).ok()?;
        Some(Written { bytes: out.into(), kind, size: Picture { width: picture.width(), height: picture.height() } })
    } else {
        let picture = picture.into_rgb8();
        picture.write_with_encoder(JpegEncoder::new_with_quality(&mut out, JPEG_QUALITY)).ok()?;
        Some(Written { bytes: out.into(), kind, size: Picture { width: picture.width(), height: picture.height() } })
    }
}

fn decode(bytes: &[u8], kind: Kind) -> Option<DynamicImage> {
    let format = match kind {
        Kind::Png => ImageFormat::Png,
        Kind::Jpeg => ImageFormat::Jpeg,
        Kind::Gif => ImageFormat::Gif,
        Kind::Webp => ImageFormat::WebP,
        _ => return None,
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(ALLOC_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS_MAX || decoder.total_bytes() > ALLOC_MAX {
        return None;
    }
    let orientation = decoder.orientation().ok()?;
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    picture.apply_orientation(orientation);
    Some(picture)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Frame, Rgba, RgbaImage, codecs::gif::GifEncoder};

    fn sample(width: u32, height: u32) -> DynamicImage {
        RgbaImage::from_fn(width, height, |x, _| if x < width / 2 { Rgba([200, 0, 0, 255]) } else { Rgba([0, 0, 200, 255]) }).into()
    }

    fn jpeg(width: u32, height: u32) -> Vec<u8> {
        let mut out = Vec::new();
        sample(width, height).into_rgb8().write_with_encoder(JpegEncoder::new(&mut out)).unwrap();
        out
    }

    /// With an EXIF block that says "turned by 90°" and names a place.
    fn with_exif(jpeg: &[u8]) -> Vec<u8> {
        let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01".to_vec();
        exif.extend_from_slice(&[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]);
        exif.extend_from_slice(b"GPS 37.5665N 126.9780E");
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        [&jpeg[..2], b"\xff\xe1", &length, &exif, &jpeg[2..]].concat()
    }

    #[test]
    fn exif_goes_and_the_picture_stands_upright() {
        let exif = with_exif(&jpeg(60, 20));
        assert!(exif.windows(3).any(|w| w == b"GPS"));
        let written = rewrite(&exif, Kind::Jpeg, None).unwrap();
        assert!(!written.bytes.windows(4).any(|w| w == b"Exif" || w == b"GPS "));
        assert_eq!((written.kind, written.size), (Kind::Jpeg, Picture { width: 20, height: 60 }));
        let again = decode(&written.bytes, Kind::Jpeg).unwrap().into_rgb8();
        assert!(again.get_pixel(10, 5)[0] > 150 && again.get_pixel(10, 55)[2] > 150, "left became top");
    }

    #[test]
    fn what_hides_behind_a_picture_goes() {
        for (format, kind) in [(ImageFormat::Png, Kind::Png), (ImageFormat::WebP, Kind::Webp), (ImageFormat::Gif, Kind::Gif)] {
            let mut bytes = Vec::new();
            sample(30, 30).write_to(&mut Cursor::new(&mut bytes), format).unwrap();
            bytes.extend_from_slice(b"<script>alert(1)</script>");
            let written = rewrite(&bytes, kind, None).unwrap();
            assert!(!written.bytes.windows(7).any(|w| w == b"<script"), "{kind:?}");
            assert_eq!((written.kind, written.size), (Kind::Png, Picture { width: 30, height: 30 }));
        }
    }

    #[test]
    fn an_animation_keeps_its_first_frame() {
        let mut bytes = Vec::new();
        let mut encoder = GifEncoder::new(&mut bytes);
        for color in [Rgba([255, 0, 0, 255]), Rgba([0, 0, 255, 255])] {
            encoder.encode_frame(Frame::new(RgbaImage::from_pixel(8, 8, color))).unwrap();
        }
        drop(encoder);
        let written = rewrite(&bytes, Kind::Gif, None).unwrap();
        assert_eq!(decode(&written.bytes, Kind::Png).unwrap().into_rgb8().get_pixel(4, 4).0, [255, 0, 0]);
    }

    #[test]
    fn a_picture_fits_into_its_square() {
        let written = rewrite(&jpeg(1_000, 400), Kind::Jpeg, Some(512)).unwrap();
        assert_eq!((written.size.width, written.size.height), (512, 205));
        let small = rewrite(&jpeg(100, 40), Kind::Jpeg, Some(512)).unwrap();
        assert_eq!((small.size.width, small.size.height), (100, 40), "never made larger");
    }

    #[test]
    fn what_is_broken_or_too_large_is_refused() {
        assert!(rewrite(b"\x89PNG\r\n\x1a\n<html>", Kind::Png, None).is_none());
        let whole = jpeg(200, 200);
        for cut in (0..whole.len()).step_by(97) {
            // Never a panic; a decoder may forgive a lost end.
            let _ = rewrite(&whole[..cut], Kind::Jpeg, None);
        }
        // A header that promises 60,000 × 60,000 pixels.
        let mut png = Vec::new();
        sample(2, 2).write_to(&mut Cursor::new(&mut png), ImageFormat::Png).unwrap();
        png[16..24].copy_from_slice(&[0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60]);
        assert!(rewrite(&png, Kind::Png, None).is_none());
        let mut gif = b"GIF89a".to_vec();
        gif.extend_from_slice(&[0xFF, 0x3F, 0xFF, 0x3F, 0, 0, 0, b',', 0, 0, 0, 0, 0xFF, 0x3F, 0xFF, 0x3F, 0, 2, 0, 0x3B]);
        assert!(rewrite(&gif, Kind::Gif, None).is_none());
    }
}
