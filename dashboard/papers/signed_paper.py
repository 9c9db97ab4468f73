"""Papers that the installation signs (PAdES): whoever has its certificate sees that not one byte was changed since.

The certificate is its own, and always the same (`operations.core.evidence.certificate`): it is handed over on paper or
by another way, as no authority vouches for it. The moment is that of this server's clock.
"""

import io

from asn1crypto import keys, x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from operations.core import evidence

FIELD = "Muster"


def signed(pdf: bytes, reason: str) -> bytes:
    """Return a PDF with the signature of the installation; `reason` says who answers for its content."""
    private, certificate = evidence.paper_key()
    form = (Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    signer = signers.SimpleSigner(
        signing_cert=x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
        signing_key=keys.PrivateKeyInfo.load(private.private_bytes(*form)),
        cert_registry=SimpleCertificateStore(),
    )
    about = signers.PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, name="Muster", reason=reason
    )
    out: io.BytesIO = signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), about, signer=signer)
    return out.getvalue()
