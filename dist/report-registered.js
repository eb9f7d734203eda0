const P=8869,R=[8869],C={8869:((M,_,e)=>{e.r(_),e.d(_,{registeredSummaryOf:()=>g,registeredText:()=>u});var c=e(9913),n=e(9251),f=e(2997),t=e(3748),$=e(3914);const v=60;function u({revision:E,reused:d,schedules:o=[]}){const{family:r,revision:s,arn:i}=E,a=o.length>0?` ${(0,c.JB)(o,i)}.`:"";return d?`${r}:${s} is this revision already; nothing was registered.${a}`:`Registered ${r}:${s}; no service was updated.${a}`}function g(E){const{revision:d,reused:o,previous:r,differences:s,image:i,schedules:a,warnings:D}=E,O=(0,t.aY)(`${d.family}:${d.revision}`),l=r&&!o?`${r.family}:${r.revision}`:void 0;return`${[`## \u2705 ${o?`${O} exists already`:`Registered ${O}`}`,(0,t.CS)(u(E)),...D.map(m=>`> [!WARNING]
> ${(0,t.CS)((0,$.TN)(m,1500))}`),(0,n.UO)([["Revision",(0,n.w5)(d.arn)],["Schedules",a&&(0,n.L7)(a)],["Image",i&&t.qy.code((0,$.TN)(i.reference,500))]]),...l===void 0?[]:[s.length===0?(0,t.CS)(`${(0,n.O_)(s,l)}.`):(0,t.TM)((0,n.O_)(s,l),(0,n.dJ)(s,v))],...i?(0,f.buildTable)(i):[]].filter(m=>m!=="").join(`

`)}
`}})};export{P as id,R as ids,C as modules};
//# sourceMappingURL=maps/report-registered.js.map
