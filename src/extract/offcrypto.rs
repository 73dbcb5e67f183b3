//! Office packages under a password, [MS-OFFCRYPTO]: the password is proved by the verifier that the
//! file holds, and the package is decrypted. Of the old binary documents nothing is decrypted here.
//!
//! Two schemes are known: agile encryption (Office 2010 and later) and standard encryption (2007).

use aes::cipher::{BlockCipherDecrypt as _, BlockModeDecrypt as _, KeyInit, KeyIvInit};
use aes::{Aes128, Aes192, Aes256, Block};
use quick_xml::events::Event;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::compound::{u16_at, u32_at, u64_at};
use super::xml_events::walk;
use crate::model::Budget;

/// Bytes of a package that are encrypted together by agile encryption.
const SEGMENT_BYTES: usize = 4096;
/// More rounds than any program asks for.
const MAX_ROUNDS: u32 = 10_000_000;

/// The package that `info` (the stream `EncryptionInfo`) and `package` hold under `password`; `None`
/// where it is not the password, or the scheme is another one.
pub(super) fn decrypted(
    info: &[u8],
    package: &[u8],
    password: &str,
    budget: &Budget,
) -> Option<Vec<u8>> {
    let length = usize::try_from(u64_at(package, 0)?).ok()?;
    let package = package.get(8..)?;
    let mut plain = match (u16_at(info, 0)?, u16_at(info, 2)?) {
        (4, 4) => Agile::of(info.get(8..)?, budget)?.decrypted(package, password, budget)?,
        (2..=4, 2) => Standard::of(info)?.decrypted(package, password)?,
        _ => return None,
    };
    plain.truncate(length);
    Some(plain)
}

/// Letters as both schemes hash them.
fn wide(password: &str) -> Vec<u8> {
    password.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// A hash function by the name that the file gives it.
#[derive(Clone, Copy, Debug)]
enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "SHA1" | "SHA-1" => Self::Sha1,
            "SHA256" | "SHA-256" => Self::Sha256,
            "SHA384" | "SHA-384" => Self::Sha384,
            "SHA512" | "SHA-512" => Self::Sha512,
            _ => return None,
        })
    }

    fn of(self, parts: [&[u8]; 2]) -> Vec<u8> {
        fn digest<D: Digest>(parts: [&[u8]; 2]) -> Vec<u8> {
            let mut hash = D::new();
            for part in parts {
                hash.update(part);
            }
            hash.finalize().to_vec()
        }
        match self {
            Self::Sha1 => digest::<Sha1>(parts),
            Self::Sha256 => digest::<Sha256>(parts),
            Self::Sha384 => digest::<Sha384>(parts),
            Self::Sha512 => digest::<Sha512>(parts),
        }
    }

    /// The password, salted and hashed many times: 2.3.4.7 and 2.3.4.11.
    fn stretched(
        self,
        salt: &[u8],
        password: &str,
        rounds: u32,
        budget: &Budget,
    ) -> Option<Vec<u8>> {
        let mut hash = self.of([salt, &wide(password)]);
        for round in 0..rounds {
            if round % 4096 == 0 {
                budget.check().ok()?;
            }
            hash = self.of([&round.to_le_bytes(), &hash]);
        }
        Some(hash)
    }
}

/// `bytes`, cut or filled up to `length`.
fn fitted(mut bytes: Vec<u8>, length: usize) -> Vec<u8> {
    bytes.resize(length, 0x36);
    bytes
}

/// AES in CBC mode without padding; what is over a whole block stays out.
fn cbc(key: &[u8], start: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    fn run<
        C: aes::cipher::BlockCipherDecrypt
            + KeyInit
            + aes::cipher::BlockSizeUser<BlockSize = aes::cipher::consts::U16>,
    >(
        key: &[u8],
        start: &[u8],
        blocks: &mut [Block],
    ) -> Option<()> {
        cbc::Decryptor::<C>::new_from_slices(key, start)
            .ok()?
            .decrypt_blocks(blocks);
        Some(())
    }
    let mut blocks = blocks(bytes);
    match key.len() {
        16 => run::<Aes128>(key, start, &mut blocks)?,
        24 => run::<Aes192>(key, start, &mut blocks)?,
        32 => run::<Aes256>(key, start, &mut blocks)?,
        _ => return None,
    }
    Some(blocks.concat())
}

/// AES block by block.
fn ecb(key: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    let mut blocks = blocks(bytes);
    match key.len() {
        16 => Aes128::new_from_slice(key)
            .ok()?
            .decrypt_blocks(&mut blocks),
        24 => Aes192::new_from_slice(key)
            .ok()?
            .decrypt_blocks(&mut blocks),
        32 => Aes256::new_from_slice(key)
            .ok()?
            .decrypt_blocks(&mut blocks),
        _ => return None,
    }
    Some(blocks.concat())
}

fn blocks(bytes: &[u8]) -> Vec<Block> {
    let (whole, _) = bytes.as_chunks::<16>();
    whole.iter().map(|own| Block::from(*own)).collect()
}

/// What `EncryptionInfo` says of agile encryption, 2.3.4.10.
#[derive(Default)]
struct Agile {
    data: Keys,
    password: Keys,
    rounds: u32,
    verifier: Vec<u8>,
    verifier_hash: Vec<u8>,
    key: Vec<u8>,
}

/// One of its two sets of parameters.
#[derive(Default)]
struct Keys {
    salt: Vec<u8>,
    key_bytes: usize,
    hash: Option<Hash>,
}

impl Agile {
    fn of(mut xml: &[u8], budget: &Budget) -> Option<Self> {
        let mut agile = Self::default();
        let walked = walk(&mut xml, budget, &mut |event| {
            let (Event::Start(element) | Event::Empty(element)) = event else {
                return;
            };
            let name = element.local_name().into_inner();
            if name != "keyData" && name != "encryptedKey" {
                return;
            }
            for attribute in element.attributes().flatten() {
                let value = &*attribute.value;
                let keys = if name == "keyData" {
                    &mut agile.data
                } else {
                    &mut agile.password
                };
                match attribute.key.into_inner() {
                    "saltValue" => keys.salt = base64(value),
                    "keyBits" => keys.key_bytes = value.parse::<usize>().unwrap_or(0) / 8,
                    "hashAlgorithm" => keys.hash = Hash::named(value),
                    "spinCount" => agile.rounds = value.parse().unwrap_or(u32::MAX),
                    "encryptedVerifierHashInput" => agile.verifier = base64(value),
                    "encryptedVerifierHashValue" => agile.verifier_hash = base64(value),
                    "encryptedKeyValue" => agile.key = base64(value),
                    _ => {}
                }
            }
        });
        (walked.is_ok() && agile.rounds <= MAX_ROUNDS).then_some(agile)
    }

    fn decrypted(&self, package: &[u8], password: &str, budget: &Budget) -> Option<Vec<u8>> {
        // Which use of the password a key is for, 2.3.4.13.
        const VERIFIER: &[u8] = b"\xFE\xA7\xD2\x76\x3B\x4B\x9E\x79";
        const VERIFIER_HASH: &[u8] = b"\xD7\xAA\x0F\x6D\x30\x61\x34\x4E";
        const KEY: &[u8] = b"\x14\x6E\x0B\xE7\xAB\xAC\xD0\xD6";
        let hash = self.password.hash?;
        let stretched = hash.stretched(&self.password.salt, password, self.rounds, budget)?;
        let start = fitted(self.password.salt.clone(), 16);
        let opened = |purpose: &[u8], bytes: &[u8]| {
            let key = fitted(hash.of([&stretched, purpose]), self.password.key_bytes);
            cbc(&key, &start, bytes)
        };
        let proof = hash.of([&opened(VERIFIER, &self.verifier)?, &[]]);
        if !opened(VERIFIER_HASH, &self.verifier_hash)?.starts_with(&proof) {
            return None;
        }
        let mut key = opened(KEY, &self.key)?;
        key.truncate(self.data.key_bytes);
        let data_hash = self.data.hash?;
        let mut plain = Vec::new();
        for (number, segment) in (0_u32..).zip(package.chunks(SEGMENT_BYTES)) {
            budget.check().ok()?;
            let start = fitted(data_hash.of([&self.data.salt, &number.to_le_bytes()]), 16);
            plain.extend(cbc(&key, &start, segment)?);
        }
        Some(plain)
    }
}

/// What `EncryptionInfo` says of standard encryption, 2.3.4.5.
struct Standard {
    key_bytes: usize,
    salt: Vec<u8>,
    verifier: Vec<u8>,
    verifier_hash: Vec<u8>,
}

impl Standard {
    fn of(info: &[u8]) -> Option<Self> {
        let header = usize::try_from(u32_at(info, 8)?).ok()?;
        let key_bytes = usize::try_from(u32_at(info, 12 + 16)?).ok()? / 8;
        let verifier = info.get(12_usize.checked_add(header)?..)?;
        Some(Self {
            key_bytes,
            salt: verifier.get(4..20)?.to_vec(),
            verifier: verifier.get(20..36)?.to_vec(),
            verifier_hash: verifier.get(40..72)?.to_vec(),
        })
    }

    fn decrypted(&self, package: &[u8], password: &str) -> Option<Vec<u8>> {
        const ROUNDS: u32 = 50_000;
        let mut hash = Hash::Sha1.of([&self.salt, &wide(password)]);
        for round in 0..ROUNDS {
            hash = Hash::Sha1.of([&round.to_le_bytes(), &hash]);
        }
        hash = Hash::Sha1.of([&hash, &[0; 4]]);
        let mixed = |fill: u8| {
            let mut block = [fill; 64];
            for (own, other) in block.iter_mut().zip(&hash) {
                *own ^= other;
            }
            Hash::Sha1.of([&block, &[]])
        };
        let key = [mixed(0x36), mixed(0x5C)].concat();
        let key = key.get(..self.key_bytes)?;
        let proof = Hash::Sha1.of([&ecb(key, &self.verifier)?, &[]]);
        let wanted = ecb(key, &self.verifier_hash)?;
        if !wanted.starts_with(&proof) {
            return None;
        }
        ecb(key, package)
    }
}

/// The bytes of a text in base 64; what is none of it is passed over.
fn base64(text: &str) -> Vec<u8> {
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0_u32);
    for letter in text.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        held = held << 6 | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits & 0xFF) as u8);
        }
    }
    bytes
}
