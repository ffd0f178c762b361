/** Formatting of JavaScript, XML and styles: Odoo's four spaces, 88 columns. */

const options = {
    // Resolved here, because prettier may be installed outside this folder.
    plugins: [require.resolve("@prettier/plugin-xml")],
    endOfLine: "lf",
    printWidth: 88,
    semi: true,
    tabWidth: 4,
    trailingComma: "es5",
    useTabs: false,
    xmlQuoteAttributes: "double",
    xmlSelfClosingSpace: true,
    xmlSortAttributesByKey: false,
    xmlWhitespaceSensitivity: "preserve",
};

module.exports = options;
