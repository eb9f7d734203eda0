const c=2997,m=[2997],f={2997:((l,r,s)=>{s.r(r),s.d(r,{builtSummaryOf:()=>d,digestOutputs:()=>a});var e=s(3914);function d(t){const o=[["Image",e.qy.code((0,e.TN)(t.reference,500))],...t.tags.length>0?[["Tags",t.tags.map(n=>e.qy.code((0,e.TN)(n,200))).join(", ")]]:[],...t.platforms?[["Platforms",t.platforms.map(n=>e.qy.code((0,e.TN)(n,60))).join(", ")]]:[]];return`### ${t.reused?"An image that exists is used":"Built and pushed"}

<table>
${o.map(([n,i])=>`<tr><th>${n}</th><td>${i}</td></tr>`).join(`
`)}
</table>
`}function a({digest:t,platforms:o=[]}){if(t===void 0)return{};const u=o.flatMap(n=>/^linux\/(amd64|arm64)\b/.exec(n)?.[1]??[]);return Object.fromEntries(u.map(n=>[`image-digest-${n}`,t]))}})};export{c as id,m as ids,f as modules};
//# sourceMappingURL=maps/report-built.js.map
