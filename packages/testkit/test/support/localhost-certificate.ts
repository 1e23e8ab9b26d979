/** A self-signed certificate for tests over TLS on localhost and 127.0.0.1; it is not secret and protects nothing. */
export const localhostCertificate = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgBOw2pfgntyI402aM
8+vtqtOzkirSCei5P4/4RbNbTmGhRANCAAQWDZdmdOohhjM3qvKgN8yNbHpKQap8
kiDFm/V0spXRQiMcjGBDbm15VY9d9zgAaEEKRyZmD38CcGjjRxTFsTmN
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBnDCCAUGgAwIBAgIUXBJSt5pJG2yb64UYuLQerf3wYkYwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEzMDEzNTc0OFoYDzIxMjYxMTA2
MTM1NzQ4WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQWDZdmdOohhjM3qvKgN8yNbHpKQap8kiDFm/V0spXRQiMcjGBDbm15
VY9d9zgAaEEKRyZmD38CcGjjRxTFsTmNo28wbTAdBgNVHQ4EFgQUdEAjka3tIuGf
/ebr0ljXB9oKYuEwHwYDVR0jBBgwFoAUdEAjka3tIuGf/ebr0ljXB9oKYuEwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSQAwRgIhAPeo7xvpZKyejdHsF0+LFZa4LodsvimlDsvhSOEirEOZAiEA
56ahJv3yJsSM6nthr2raTJyhZCQ5fqjDLOWuBB3Em98=
-----END CERTIFICATE-----`,
} as const
