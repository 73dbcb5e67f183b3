//! Code pages and font character sets of RTF.

use encoding_rs::Encoding;
use oem_cp::code_table::DECODING_TABLE_CP_MAP;

/// How bytes of text are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CodePage {
    Web(&'static Encoding),
    /// A code page of DOS, by number.
    Oem(u16),
}

impl CodePage {
    /// Western European Windows: the default of RTF writers here.
    pub(super) const DEFAULT: Self = Self::Web(encoding_rs::WINDOWS_1252);

    /// The code page with this number, as `\ansicpg` and `\cpg` give it.
    pub(super) fn of_number(number: i32) -> Option<Self> {
        let label = match number {
            874 => "windows-874",
            932 => "shift_jis",
            936 => "gbk",
            949 => "euc-kr",
            950 => "big5",
            1250 => "windows-1250",
            1251 => "windows-1251",
            1252 => "windows-1252",
            1253 => "windows-1253",
            1254 => "windows-1254",
            1255 => "windows-1255",
            1256 => "windows-1256",
            1257 => "windows-1257",
            1258 => "windows-1258",
            10000 => "macintosh",
            65001 => "utf-8",
            other => {
                let number = u16::try_from(other).ok()?;
                DECODING_TABLE_CP_MAP.get(&number)?;
                return Some(Self::Oem(number));
            }
        };
        Encoding::for_label(label.as_bytes()).map(Self::Web)
    }

    /// The code page of a font's character set (RTF 1.9.1, `\fcharset`); `None` where the document's
    /// own is meant.
    pub(super) fn of_charset(charset: i32) -> Option<Self> {
        Self::of_number(match charset {
            0 => 1252,
            77 => 10000,
            128 => 932,
            129 => 949,
            134 => 936,
            136 => 950,
            161 => 1253,
            162 => 1254,
            163 => 1258,
            177 => 1255,
            178 => 1256,
            186 => 1257,
            204 => 1251,
            222 => 874,
            238 => 1250,
            254 => 437,
            255 => 850,
            _ => return None,
        })
    }

    /// Puts the bytes as text behind `text`.
    pub(super) fn decode_to(self, bytes: &[u8], text: &mut String) {
        match self {
            Self::Web(encoding) => {
                text.push_str(&encoding.decode_without_bom_handling(bytes).0);
            }
            Self::Oem(number) => match DECODING_TABLE_CP_MAP.get(&number) {
                Some(table) => text.push_str(&table.decode_string_lossy(bytes)),
                None => text.push_str(&String::from_utf8_lossy(bytes)),
            },
        }
    }
}
