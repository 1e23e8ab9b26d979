import type { ReactNode } from 'react'

// biome-ignore lint/style/noDefaultExport: Next.js expects one
export default function RootLayout({ children }: { readonly children: ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  )
}
