//! Files that people send (A51): what may be sent, and what they are called.

use super::{ids::FileId, text};
use serde::{Deserialize, Serialize};

/// The largest file, in bytes (A50).
pub const FILE_MAX: u64 = 20 * 1024 * 1024;
/// The most files of one message.
pub const FILES_MAX: usize = 5;
/// What one visitor may send in a day, in bytes.
pub const VISITOR_DAY_MAX: u64 = 200 * 1024 * 1024;
/// The largest picture of a service, in bytes.
pub const BANNER_MAX: u64 = 2 * 1024 * 1024;
/// The longest name of a file, in characters.
const NAME_MAX: usize = 120;

/// What a file is, by its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Png,
    Jpeg,
    Gif,
    Webp,
    Pdf,
    Docx,
    Xlsx,
    Pptx,
    Hwp,
    Hwpx,
    Zip,
    Mp4,
    Mp3,
    Text,
}

impl Kind {
    /// The kinds that are offered where files are chosen, for `accept`.
    pub const ACCEPT: &'static str = "image/png,image/jpeg,image/gif,image/webp,.pdf,.docx,.xlsx,.pptx,.hwp,.hwpx,.zip,.mp4,.mp3,.txt,.csv";

    /// The same for pictures alone.
    pub const ACCEPT_PICTURES: &'static str = "image/png,image/jpeg,image/gif,image/webp";

    /// The media type that it is stored and sent with.
    #[must_use]
    pub fn media(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Self::Hwp => "application/x-hwp",
            Self::Hwpx => "application/hwp+zip",
            Self::Zip => "application/zip",
            Self::Mp4 => "video/mp4",
            Self::Mp3 => "audio/mpeg",
            Self::Text => "text/plain; charset=utf-8",
        }
    }

    /// It is decoded and written anew before it is stored.
    #[must_use]
    pub fn is_picture(self) -> bool {
        matches!(self, Self::Png | Self::Jpeg | Self::Gif | Self::Webp)
    }

    /// The endings that its name may have; the first is given where it has another.
    fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Gif => &["gif"],
            Self::Webp => &["webp"],
            Self::Pdf => &["pdf"],
            Self::Docx => &["docx"],
            Self::Xlsx => &["xlsx"],
            Self::Pptx => &["pptx"],
            Self::Hwp => &["hwp"],
            Self::Hwpx => &["hwpx"],
            // Not every program writes its parts in the order by which the others are told.
            Self::Zip => &["zip", "docx", "xlsx", "pptx", "hwpx"],
            Self::Mp4 => &["mp4", "m4v", "m4a"],
            Self::Mp3 => &["mp3"],
            Self::Text => &["txt", "csv", "log", "md"],
        }
    }
}

/// The name of a file as its sender calls it: one line without folders and hidden
/// characters, and with an ending that agrees with the content, so that nothing that was
/// called text opens as a program.
#[must_use]
pub fn file_name(raw: &str, kind: Kind) -> String {
    let last = raw.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = text::line(last, 1_000)
        .chars()
        .filter(|c| !matches!(c, '"' | '<' | '>' | ':' | '|' | '?' | '*' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'))
        .collect();
    let clean = clean.trim_matches(['.', ' ']);
    let (stem, ending) = match clean.rsplit_once('.') {
        Some((stem, ending)) if ending.chars().count() <= 12 => (stem, ending.to_lowercase()),
        _ => (clean, String::new()),
    };
    let (stem, ending) = if kind.endings().contains(&ending.as_str()) {
        (stem, ending)
    } else if kind.is_picture() && ["png", "jpg", "jpeg", "gif", "webp"].contains(&ending.as_str()) {
        // Written anew as another kind of picture.
        (stem, kind.endings()[0].to_owned())
    } else {
        (clean, kind.endings()[0].to_owned())
    };
    let kept: String = stem.chars().take(NAME_MAX - 1 - ending.len()).collect();
    let kept = kept.trim_end_matches(['.', ' ']);
    format!("{}.{ending}", if kept.is_empty() { "file" } else { kept })
}

/// A file of a message, as pages show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    pub id: FileId,
    pub name: String,
    pub media: String,
    /// In bytes.
    pub size: u64,
    /// Of a picture.
    pub picture: Option<Picture>,
}

/// The size of a picture, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    pub width: u32,
    pub height: u32,
}

/// A number of bytes in words, alike in every language ("1.4 MB").
#[must_use]
pub fn size_words(bytes: u64) -> String {
    const KB: u64 = 1_024;
    const MB: u64 = KB * KB;
    if bytes < KB {
        format!("{bytes} B")
    } else if bytes < MB {
        format!("{} KB", bytes.div_ceil(KB))
    } else {
        let tenths = bytes * 10 / MB;
        format!("{}.{} MB", tenths / 10, tenths % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_lose_folders_hidden_characters_and_foreign_endings() {
        for (raw, kind, name) in [
            ("배송 사진.PNG", Kind::Png, "배송 사진.png"),
            ("../../etc/passwd", Kind::Text, "passwd.txt"),
            ("C:\\temp\\a.csv", Kind::Text, "a.csv"),
            ("run.bat", Kind::Text, "run.bat.txt"),
            ("page.html", Kind::Pdf, "page.html.pdf"),
            ("old.gif", Kind::Png, "old.png"),
            ("photo\u{202e}gpj.exe", Kind::Jpeg, "photogpj.exe.jpg"),
            ("a\r\nSet-Cookie: x\".txt", Kind::Text, "a Set-Cookie x.txt"),
            ("", Kind::Zip, "file.zip"),
            ("....", Kind::Zip, "file.zip"),
            (".png", Kind::Png, "png.png"),
        ] {
            assert_eq!(file_name(raw, kind), name, "{raw:?}");
        }
        assert_eq!(file_name(&format!("{}.pdf", "가".repeat(500)), Kind::Pdf).chars().count(), NAME_MAX);
    }

    #[test]
    fn sizes_in_words() {
        assert_eq!([0, 1_023, 1_024, 1_025, 1_572_864, FILE_MAX].map(size_words), ["0 B", "1023 B", "1 KB", "2 KB", "1.5 MB", "20.0 MB"]);
    }

    proptest! {
        #[test]
        fn every_name_is_one_safe_line(raw in "\\PC{0,300}") {
            for kind in [Kind::Text, Kind::Jpeg, Kind::Zip] {
                let name = file_name(&raw, kind);
                prop_assert!(name.chars().count() <= NAME_MAX && !name.starts_with('.'));
                prop_assert!(!name.contains(['/', '\\', '"', '\n', '\r']), "{}", name);
                let ending = name.rsplit('.').next().unwrap_or_default();
                prop_assert!(kind.endings().contains(&ending), "{}", name);
            }
        }
    }
}
