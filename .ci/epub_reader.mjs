// A real reading system, foliate-js in headless Chromium, reads an EPUB from cover to end.
//
// usage: node epub_reader.mjs MODULES BOOK.epub PICTURES
//   MODULES   node_modules with foliate-js and puppeteer-core
//   PICTURES  folder for the screenshots
//
// It opens the book, goes to every entry of the contents, follows the page list, turns every page,
// opens a footnote as a pop-up, loads every face, and checks that nothing is wider than the page and
// no picture is missing. Screenshots of each kind of page stay to be looked at. Exit status 0 if all of
// it works, 1 with one line for each fault.

import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { mkdir, readFile } from 'node:fs/promises'
import { extname, join, resolve } from 'node:path'

const [modules, book, pictures] = process.argv.slice(2).map(path => resolve(path))
const puppeteer = createRequire(join(modules, 'x.js'))('puppeteer-core')
await mkdir(pictures, { recursive: true })

const HOST = `<!DOCTYPE html><meta charset="utf-8">
<style>html, body { margin: 0; height: 100% } foliate-view { display: block; height: 100% }
#note { position: fixed; z-index: 1; inset: auto 6% 6%; height: 45%; background: white;
border: 1px solid; box-shadow: 0 4px 24px #0006 } #note:empty { display: none }</style>
<body><div id="note"></div>`
const TYPES = { '.js': 'text/javascript', '.html': 'text/html', '.epub': 'application/epub+zip' }

const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://x').pathname)
    try {
        const data = path === '/' ? HOST
            : path === '/book.epub' ? await readFile(book)
            : await readFile(join(modules, 'foliate-js', path))
        const type = path === '/' ? 'text/html' : TYPES[extname(path)] ?? 'application/octet-stream'
        response.writeHead(200, { 'content-type': type }).end(data)
    } catch {
        response.writeHead(404).end()
    }
})
await new Promise(done => server.listen(0, '127.0.0.1', done))

// Flags: no sandbox as root; the others keep Chromium from calling home.
const browser = await puppeteer.launch({
    executablePath: process.env.PUPPETEER_EXECUTABLE_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync',
        '--disable-background-networking', '--disable-component-update'],
    defaultViewport: { width: 720, height: 960, deviceScaleFactor: 1 },
    protocolTimeout: 300_000,
})
const faults = []
try {
    const page = await browser.newPage()
    page.on('pageerror', error => faults.push(`script error: ${error.message}`))
    page.on('requestfailed', request => faults.push(`not loaded: ${request.url()}`))
    page.on('response', response => {
        const icon = response.url().endsWith('/favicon.ico')
        if (response.status() >= 400 && !icon) faults.push(`not there: ${response.url()}`)
    })
    await page.goto(`http://127.0.0.1:${server.address().port}/`)
    const shot = name => page.screenshot({ path: join(pictures, `${name}.png`) })

    await page.evaluate(async () => {
        await import('/view.js')
        const { FootnoteHandler } = await import('/footnotes.js')
        const view = document.createElement('foliate-view')
        document.body.append(view)
        const file = await (await fetch('/book.epub')).blob()
        await view.open(new File([file], 'book.epub'))
        const notes = new FootnoteHandler()
        notes.addEventListener('before-render', e => {
            document.querySelector('#note').replaceChildren(e.detail.view)
        })
        notes.addEventListener('render', e => {
            const { view, type } = e.detail
            const text = view.renderer.getContents()[0].doc.body.textContent.trim()
            globalThis.shown?.({ type, text })
        })
        view.addEventListener('link', e => {
            const promise = notes.handle(view.book, e)
            if (promise) promise.catch(error => globalThis.shown?.({ error: error.message }))
        })
        Object.assign(globalThis, {
            view,
            doc: () => view.renderer.getContents()[0].doc,
            here: () => view.renderer.getContents()[0].index,
            settle: () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))),
        })
        await view.init({})
    })
    await shot('01-opening')

    // Contents: every entry leads to a place whose text begins with its title.
    const contents = await page.evaluate(async () => {
        const flat = items => (items ?? []).flatMap(i => [i, ...flat(i.subitems)])
        const bare = text => text.replace(/\s/g, '')
        const depth = items => items?.length ? 1 + Math.max(...items.map(i => depth(i.subitems))) : 0
        const entries = flat(view.book.toc)
        const wrong = []
        for (const { label, href } of entries) {
            await view.goTo(href)
            const target = view.book.resolveHref(href).anchor?.(doc())
            const text = bare((target?.textContent || doc().body.textContent) ?? '')
            if (!text.includes(bare(label))) wrong.push(`contents: '${label}' leads to '${text.slice(0, 40)}'`)
        }
        return { entries: entries.length, depth: depth(view.book.toc), wrong }
    })
    faults.push(...contents.wrong)
    if (contents.entries === 0) faults.push('the contents are empty')

    // Page list: every page is there and they come in reading order.
    const list = await page.evaluate(() => {
        const pages = view.book.pageList ?? []
        const wrong = []
        let last = -1
        for (const { label, href } of pages) {
            const place = view.book.resolveHref(href)
            if (!place || place.index < last) wrong.push(`page list: '${label}' is out of order`)
            else last = place.index
        }
        return { pages: pages.length, wrong }
    })
    faults.push(...list.wrong)

    // Every page, turned one after the other; only the last may not turn.
    const turned = await page.evaluate(async () => {
        await view.goTo(0)
        const wrong = []
        const seen = new Set()
        let pages = 1
        let last = ''
        for (; pages < 5000; pages++) {
            const place = `${here()} ${view.renderer.page} ${view.lastLocation?.cfi}`
            if (place === last) break
            last = place
            if (!seen.has(here())) {
                seen.add(here())
                const images = [...doc().images]
                await Promise.all(images.map(i => i.decode?.().catch(() => wrong.push(`picture ${i.getAttribute('src')} in ${here()}`))))
                const wide = [...doc().querySelectorAll('table, pre, img, p')]
                    .filter(e => e.getBoundingClientRect().width > doc().defaultView.innerWidth + 1)
                wrong.push(...wide.map(e => `<${e.localName}> is wider than the page in ${here()}`))
            }
            await view.next()
            await settle()
        }
        const linear = view.book.sections.filter(s => s.linear !== 'no').length
        if (seen.size !== linear) wrong.push(`${linear} files in the spine, ${seen.size} seen by turning pages`)
        return { pages, sections: seen.size, wrong }
    })
    faults.push(...turned.wrong)

    // The first footnote of the book opens as a pop-up and holds text.
    const note = await page.evaluate(async () => {
        for (const { id, linear } of view.book.sections.map((s, id) => ({ id, linear: s.linear }))) {
            if (linear === 'no') continue
            await view.goTo(id)
            const mark = doc().querySelector('a[role~=doc-noteref]')
            if (!mark) continue
            await view.goTo({ index: id, anchor: () => mark })
            await settle()
            return new Promise(done => {
                globalThis.shown = done
                setTimeout(() => done({ error: 'nothing opened within 10 s' }), 10_000)
                mark.click()
            })
        }
        return null
    })
    if (note) {
        if (note.error || !note.text) faults.push(`footnote: ${note.error ?? 'empty'}`)
        if (note.type !== 'footnote') faults.push(`footnote: taken for ${note.type}`)
        await new Promise(done => setTimeout(done, 300))
        await shot('02-footnote')
    }
    await page.evaluate(() => document.querySelector('#note').replaceChildren())

    // A page of each kind to be looked at.
    const kinds = { '03-text': 'section[role=doc-chapter] > p', '04-table': 'table', '05-figure': 'figure img',
        '06-poem': '.poem', '07-code': 'pre', '08-ruby': 'ruby', '09-heading': 'h2', '10-callout': '.callout' }
    const found = []
    for (const [name, selector] of Object.entries(kinds)) {
        const there = await page.evaluate(async selector => {
            for (let id = 0; id < view.book.sections.length; id++) {
                if (view.book.sections[id].linear === 'no') continue
                await view.goTo(id)
                const element = doc().querySelector(selector)
                if (!element) continue
                await view.goTo({ index: id, anchor: () => element })
                await doc().fonts.ready
                await new Promise(done => setTimeout(done, 200))
                return true
            }
            return false
        }, selector)
        if (there) {
            await shot(name)
            found.push(name)
        }
    }

    // Every face that the book brings loads.
    const fonts = await page.evaluate(async () => {
        const wrong = new Set()
        const names = new Set()
        for (let id = 0; id < view.book.sections.length; id++) {
            await view.goTo(id)
            for (const face of doc().fonts) {
                names.add(face.family)
                await face.load().catch(() => wrong.add(`face ${face.family} does not load`))
            }
        }
        return { names: [...names], wrong: [...wrong] }
    })
    faults.push(...fonts.wrong)

    console.log(`read: ${contents.entries} entries of contents on ${contents.depth} levels, `
        + `${list.pages} pages in the page list, ${turned.pages} pages of ${turned.sections} files turned, `
        + `footnote ${note ? `'${note.text?.slice(0, 30)}'` : 'none'}, `
        + `faces ${fonts.names.length ? fonts.names.join(', ') : 'none'}, pictures ${found.join(' ')}`)
} finally {
    await browser.close()
    server.close()
}
for (const fault of faults) console.error(`fault: ${fault}`)
process.exit(faults.length ? 1 : 0)
