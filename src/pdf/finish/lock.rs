//! Password protection (ISO 32000-2, 7.6): the one thing that is not the same twice, because keys
//! that follow from the content protect nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use lopdf::encryption::crypt_filters::{Aes256CryptFilter, CryptFilter};
use lopdf::{Document as Lopdf, EncryptionState, EncryptionVersion, Permissions, SaveOptions};

use crate::pdf::{Lock, PdfError};

/// The version of the standard that has AES with 256 bits.
const VERSION: &str = "2.0";

/// Encrypts and saves the file. Strings are encrypted one by one, so objects are not packed.
pub(super) fn save(pdf: &mut Lopdf, lock: &Lock) -> Result<Vec<u8>, PdfError> {
    let fail = |e: &dyn std::fmt::Display| PdfError::Write(e.to_string());
    let mut key = [0_u8; 32];
    getrandom::fill(&mut key).map_err(|e| fail(&e))?;
    let mut unknown = [0_u8; 32];
    getrandom::fill(&mut unknown).map_err(|e| fail(&e))?;
    let unknown: String = unknown.iter().map(|b| format!("{b:02x}")).collect();
    let mut permissions = Permissions::COPYABLE_FOR_ACCESSIBILITY;
    if lock.print {
        permissions |= Permissions::PRINTABLE | Permissions::PRINTABLE_IN_HIGH_QUALITY;
    }
    if lock.copy {
        permissions |= Permissions::COPYABLE;
    }
    let filter: Arc<dyn CryptFilter> = Arc::new(Aes256CryptFilter);
    let version = EncryptionVersion::V5 {
        encrypt_metadata: true,
        crypt_filters: BTreeMap::from([(b"StdCF".to_vec(), filter)]),
        file_encryption_key: &key,
        stream_filter: b"StdCF".to_vec(),
        string_filter: b"StdCF".to_vec(),
        owner_password: lock.owner.as_deref().unwrap_or(&unknown),
        user_password: &lock.user,
        permissions,
    };
    let state = EncryptionState::try_from(version).map_err(|e| fail(&e))?;
    pdf.version = VERSION.to_owned();
    pdf.encrypt(&state).map_err(|e| fail(&e))?;
    let mut bytes = Vec::new();
    pdf.save_with_options(&mut bytes, SaveOptions::default()).map_err(|e| fail(&e))?;
    Ok(bytes)
}
