// biome-ignore lint/style/noDefaultExport: Next.js expects one
export default function Page() {
  return <p>SCIM is at /scim/v2</p>
}
