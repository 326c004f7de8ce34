import type { MiddlewareHandler } from 'hono'

/**
 * Headers of every answer that the Worker writes (ASVS 5.0, 3.4). The app's own files get the same from
 * `client/public/_headers`. `require-trusted-types-for` is left out: Solid's templates assign `innerHTML`.
 */
export const contentPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'self'"

export const securityHeaders: MiddlewareHandler = async (context, next) => {
  await next()
  // The answer to an upgrade has no headers that could be set.
  if (context.res.status === 101) return
  const headers = new Headers(context.res.headers)
  // Media bring a stricter one of their own.
  if (!headers.has('content-security-policy')) headers.set('content-security-policy', contentPolicy)
  headers.set('strict-transport-security', 'max-age=31536000; includeSubDomains')
  headers.set('x-content-type-options', 'nosniff')
  headers.set('referrer-policy', 'no-referrer')
  headers.set('cross-origin-opener-policy', 'same-origin')
  if (!headers.has('cache-control')) headers.set('cache-control', 'no-store')
  context.res = new Response(context.res.body, { status: context.res.status, headers })
}

/**
 * Refuses what another site made the browser send: an unsafe request needs `Sec-Fetch-Site: same-origin`, or,
 * where that header is absent, an `Origin` equal to ours. The socket's upgrade needs the exact `Origin`.
 */
export function sameOrigin(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site')
  if (site !== null) return site === 'same-origin'
  return hasOurOrigin(request)
}

export function hasOurOrigin(request: Request): boolean {
  return request.headers.get('origin') === new URL(request.url).origin
}

export const refuseOtherSites: MiddlewareHandler = async (context, next) => {
  const safe = ['GET', 'HEAD', 'OPTIONS'].includes(context.req.method)
  if (!safe && !sameOrigin(context.req.raw)) return context.body(null, 403)
  return next()
}
