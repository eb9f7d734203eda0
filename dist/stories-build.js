const c=8892,m=[8892],D={8892:((E,n,s)=>{s.r(n),s.d(n,{build:()=>u});var o=s(9684),t=s(3161);async function u({image:d,aws:l},i){return await(0,o.pQ)(d,i.files),(0,t.m)(d.build,l.region,i)}})};export{c as id,m as ids,D as modules};
//# sourceMappingURL=maps/stories-build.js.map
