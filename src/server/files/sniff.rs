//! What a file is, told by its content alone: a short list, and everything else is refused.

use crate::domain::attachment::Kind;

/// So many bytes of the beginning are looked at.
pub const HEAD: usize = 64 * 1024;

/// What a text must not hold in its beginning: markup and programs.
const MARKUP: [&str; 7] = ["<script", "<html", "<svg", "<!doctype", "<iframe", "<?php", "<?xml"];
/// Programs that are zip files.
const PROGRAMS: [&[u8]; 3] = [b"META-INF/MANIFEST.MF", b"AndroidManifest.xml", b"classes.dex"];
/// Within every HWP file, not compressed.
const HWP: &[u8] = b"HWP Document File";

/// The kind, as far as the beginning tells; `None` for what is not taken. A candidate is
/// watched to its end by [`Watch`].
#[must_use]
pub fn kind(head: &[u8]) -> Option<Kind> {
    if infer::image::is_png(head) {
        Some(Kind::Png)
    } else if infer::image::is_jpeg(head) {
        Some(Kind::Jpeg)
    } else if infer::image::is_gif(head) {
        Some(Kind::Gif)
    } else if infer::image::is_webp(head) {
        Some(Kind::Webp)
    } else if infer::archive::is_pdf(head) {
        Some(Kind::Pdf)
    } else if head.starts_with(b"PK\x03\x04") {
        packed(head)
    } else if head.starts_with(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
        Some(Kind::Hwp)
    } else if infer::video::is_mp4(head) {
        Some(Kind::Mp4)
    } else if infer::audio::is_mp3(head) {
        Some(Kind::Mp3)
    } else {
        is_plain(head).then_some(Kind::Text)
    }
}

/// A zip file by the names that its beginning has.
fn packed(head: &[u8]) -> Option<Kind> {
    if head.get(30..).is_some_and(|rest| rest.starts_with(b"mimetypeapplication/hwp+zip")) {
        return Some(Kind::Hwpx);
    }
    let mut found = Kind::Zip;
    for (at, window) in head.windows(4).enumerate() {
        let Some(length) = head.get(at + 26..at + 28).filter(|_| window == b"PK\x03\x04") else { continue };
        let length = usize::from(u16::from_le_bytes([length[0], length[1]]));
        let name = head.get(at + 30..).map_or(&[][..], |rest| &rest[..length.min(rest.len())]);
        if PROGRAMS.contains(&name) {
            return None;
        }
        for (folder, kind) in [(&b"word/"[..], Kind::Docx), (b"xl/", Kind::Xlsx), (b"ppt/", Kind::Pptx)] {
            if found == Kind::Zip && name.starts_with(folder) {
                found = kind;
            }
        }
    }
    Some(found)
}

/// Readable characters that are no markup and no script.
fn is_plain(head: &[u8]) -> bool {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        // The beginning may end within a character.
        Err(error) if error.error_len().is_none() => std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default(),
        Err(_) => return false,
    };
    let lower = text.trim_start_matches(|c: char| c == '\u{FEFF}' || c.is_whitespace()).to_ascii_lowercase();
    !lower.is_empty() && !lower.starts_with('<') && !lower.starts_with("#!") && !MARKUP.iter().any(|word| lower.contains(word))
}

/// Whether a byte stands in no text.
fn is_binary(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C)
}

/// Reads on behind the beginning, where that alone does not prove the kind.
pub enum Watch {
    /// Nothing more to prove.
    Done,
    /// All of it must be UTF-8; what is kept is a character that has begun.
    Text(Vec<u8>),
    /// The signature must come; what is kept is the end of what was read.
    Hwp { found: bool, kept: Vec<u8> },
}

impl Watch {
    /// For a file of this kind.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text(Vec::new()),
            Kind::Hwp => Self::Hwp { found: false, kept: Vec::new() },
            _ => Self::Done,
        }
    }

    /// The next bytes, from the very first on; false when the file is something else.
    pub fn read(&mut self, bytes: &[u8]) -> bool {
        match self {
            Self::Done => true,
            Self::Text(begun) => {
                begun.extend_from_slice(bytes);
                if bytes.iter().any(|byte| is_binary(*byte)) {
                    return false;
                }
                match std::str::from_utf8(begun) {
                    Ok(_) => begun.clear(),
                    Err(error) if error.error_len().is_none() => {
                        begun.drain(..error.valid_up_to());
                    }
                    Err(_) => return false,
                }
                true
            }
            Self::Hwp { found, kept } => {
                kept.extend_from_slice(bytes);
                *found |= kept.windows(HWP.len()).any(|window| window == HWP);
                kept.drain(..kept.len().saturating_sub(HWP.len()));
                true
            }
        }
    }

    /// Whether the whole file was what it seemed.
    #[must_use]
    pub fn holds(&self) -> bool {
        match self {
            Self::Done => true,
            Self::Text(begun) => begun.is_empty(),
            Self::Hwp { found, .. } => *found,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A local header of a zip file with this name.
    fn entry(name: &str) -> Vec<u8> {
        let mut bytes = b"PK\x03\x04".to_vec();
        bytes.extend_from_slice(&[0; 22]);
        bytes.extend_from_slice(&u16::try_from(name.len()).unwrap().to_le_bytes());
        bytes.extend_from_slice(&[0, 0]);
        bytes.extend_from_slice(name.as_bytes());
        bytes
    }

    #[test]
    fn only_the_listed_kinds_are_taken() {
        let packed = |names: &[&str]| names.iter().flat_map(|name| entry(name)).collect::<Vec<u8>>();
        let taken: [(&[u8], Kind); 13] = [
            (b"\x89PNG\r\n\x1a\n....", Kind::Png),
            (b"\xff\xd8\xff\xe0....", Kind::Jpeg),
            (b"GIF89a....", Kind::Gif),
            (b"RIFF....WEBPVP8 ", Kind::Webp),
            (b"%PDF-1.7\n", Kind::Pdf),
            (&packed(&["[Content_Types].xml", "_rels/.rels", "word/document.xml"]), Kind::Docx),
            (&packed(&["xl/workbook.xml", "[Content_Types].xml"]), Kind::Xlsx),
            (&packed(&["[Content_Types].xml", "ppt/presentation.xml"]), Kind::Pptx),
            (&packed(&["mimetypeapplication/hwp+zip"]), Kind::Hwpx),
            (&packed(&["사진.png"]), Kind::Zip),
            (b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2", Kind::Mp4),
            (b"ID3\x04\0\0\0\0\0\0", Kind::Mp3),
            ("\u{feff}이름,수량\n배,3\n".as_bytes(), Kind::Text),
        ];
        for (bytes, expected) in taken {
            assert_eq!(kind(bytes), Some(expected), "{expected:?}");
        }
        let refused: [&[u8]; 16] = [
            b"",
            b"  \n",
            b"<!DOCTYPE html><html>",
            b"\n <html><script>alert(1)</script>",
            b"hello <ScRiPt>alert(1)</script>",
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            b"<?xml version='1.0'?><svg/>",
            b"#!/bin/sh\nrm -rf /\n",
            b"<?php system($_GET[0]);",
            b"MZ\x90\0\x03\0",
            b"\x7fELF\x02\x01",
            b"\xca\xfe\xba\xbe\0\0",
            b"II*\0........CR",
            b"\x1f\x8b\x08\0",
            &packed(&["META-INF/MANIFEST.MF", "Main.class"]),
            &packed(&["res/a.png", "classes.dex"]),
        ];
        for bytes in refused {
            let found = kind(bytes).filter(|kind| {
                let mut watch = Watch::new(*kind);
                watch.read(bytes) && watch.holds()
            });
            assert_eq!(found, None, "{:?}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn a_text_is_watched_to_its_end() {
        let all = "가나다".as_bytes();
        let mut watch = Watch::new(Kind::Text);
        assert!(all.chunks(2).all(|part| watch.read(part)) && watch.holds());
        let mut cut = Watch::new(Kind::Text);
        assert!(cut.read(&all[..4]) && !cut.holds());
        let mut binary = Watch::new(Kind::Text);
        assert!(binary.read(b"abc") && !binary.read(b"\0"));
    }

    #[test]
    fn a_compound_file_must_say_that_it_is_hwp() {
        let mut file = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
        file.extend_from_slice(&[0; 5_000]);
        let mut other = Watch::new(Kind::Hwp);
        assert!(other.read(&file) && !other.holds(), "an old Word file");
        file.extend_from_slice(HWP);
        for size in [1, 7, 4_096] {
            let mut watch = Watch::new(kind(&file).unwrap());
            assert!(file.chunks(size).all(|part| watch.read(part)) && watch.holds());
        }
    }
}
