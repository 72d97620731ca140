/** What of the extension's package.json goes into the package's own manifest. */
export interface ExtensionPackage {
  name: string;
  displayName: string;
  description: string;
  version: string;
  publisher: string;
  categories: readonly string[];
  keywords: readonly string[];
  engines: { vscode: string };
  extensionKind: readonly string[];
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Media types by ending, as the Open Packaging Conventions want them at `[Content_Types].xml`. */
export function contentTypes(endings: readonly string[]): string {
  const known: Record<string, string> = {
    json: 'application/json',
    cjs: 'application/javascript',
    md: 'text/markdown',
    svg: 'image/svg+xml',
    txt: 'text/plain',
    vsixmanifest: 'text/xml',
  };
  const defaults = endings.map((ending) => {
    const type = known[ending];
    if (type === undefined) throw new Error(`No media type is known for .${ending}`);
    return `<Default Extension=".${ending}" ContentType="${type}"/>`;
  });
  return `<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">${defaults.join('')}</Types>
`;
}

/** `extension.vsixmanifest`, format 2.0.0 as the editor and the galleries read it. */
export function vsixManifest(from: ExtensionPackage): string {
  const { name, publisher, version, displayName, description, keywords, categories } = from;
  return `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata>
    <Identity Language="en-US" Id="${escape(name)}" Version="${escape(version)}" Publisher="${escape(publisher)}"/>
    <DisplayName>${escape(displayName)}</DisplayName>
    <Description xml:space="preserve">${escape(description)}</Description>
    <Tags>${escape(keywords.join(','))}</Tags>
    <Categories>${escape(categories.join(','))}</Categories>
    <GalleryFlags>Public</GalleryFlags>
    <Properties>
      <Property Id="Microsoft.VisualStudio.Code.Engine" Value="${escape(from.engines.vscode)}"/>
      <Property Id="Microsoft.VisualStudio.Code.ExtensionDependencies" Value=""/>
      <Property Id="Microsoft.VisualStudio.Code.ExtensionPack" Value=""/>
      <Property Id="Microsoft.VisualStudio.Code.ExtensionKind" Value="${escape(from.extensionKind.join(','))}"/>
      <Property Id="Microsoft.VisualStudio.Code.LocalizedLanguages" Value=""/>
    </Properties>
    <License>extension/LICENSE.txt</License>
  </Metadata>
  <Installation>
    <InstallationTarget Id="Microsoft.VisualStudio.Code"/>
  </Installation>
  <Dependencies/>
  <Assets>
    <Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json" Addressable="true"/>
    <Asset Type="Microsoft.VisualStudio.Services.Content.Details" Path="extension/README.md" Addressable="true"/>
    <Asset Type="Microsoft.VisualStudio.Services.Content.License" Path="extension/LICENSE.txt" Addressable="true"/>
  </Assets>
</PackageManifest>
`;
}
